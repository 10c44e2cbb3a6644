import tseslint from 'typescript-eslint';

/** Which rooms a room may import; the same table as DESIGN.md section 2. Enforced by tsconfig references too. */
const rooms = {
  'src/model': [
    'src/engine',
    'src/diagnosis',
    'src/simulate',
    'src/ports',
    'src/platform',
    'src/api',
    'src/cli',
    'src/daemon',
    'src/report',
    'agents',
    'appliance',
  ],
  'src/engine': [
    'src/diagnosis',
    'src/simulate',
    'src/ports',
    'src/platform',
    'src/api',
    'src/cli',
    'src/daemon',
    'src/report',
    'agents',
    'appliance',
  ],
  'src/simulate': [
    'src/diagnosis',
    'src/ports',
    'src/platform',
    'src/api',
    'src/cli',
    'src/daemon',
    'agents',
    'appliance',
  ],
  'src/diagnosis': [
    'src/engine',
    'src/simulate',
    'src/formats',
    'src/ports',
    'src/platform',
    'src/api',
    'src/cli',
    'src/daemon',
    'src/report',
    'agents',
    'appliance',
  ],
  'src/ports': [
    'src/engine',
    'src/simulate',
    'src/platform',
    'src/api',
    'src/cli',
    'src/daemon',
    'src/report',
    'agents',
    'appliance',
  ],
  'src/platform': [
    'src/diagnosis',
    'src/engine',
    'src/simulate',
    'src/api',
    'src/cli',
    'src/daemon',
    'src/report',
    'agents',
    'appliance',
  ],
  agents: [
    'src/diagnosis',
    'src/engine',
    'src/simulate',
    'src/platform',
    'src/api',
    'src/cli',
    'src/daemon',
    'src/report',
    'appliance',
  ],
  'src/api': [
    'src/diagnosis',
    'src/engine',
    'src/simulate',
    'src/platform',
    'src/cli',
    'src/daemon',
    'src/report',
    'agents',
    'appliance',
  ],
  'src/cli': [
    'src/diagnosis',
    'src/engine',
    'src/formats',
    'src/ports',
    'src/platform',
    'src/daemon',
    'agents',
    'appliance',
  ],
  'src/witness': [
    'src/engine',
    'src/simulate',
    'src/formats',
    'src/api',
    'src/daemon',
    'src/report',
    'agents',
    'appliance',
  ],
  'src/wizard': [
    'src/engine',
    'src/diagnosis',
    'src/formats',
    'src/simulate',
    'src/ports',
    'src/platform',
    'src/cli',
    'src/daemon',
    'src/report',
    'src/witness',
    'agents',
    'appliance',
  ],
  'src/report': [
    'src/diagnosis',
    'src/engine',
    'src/formats',
    'src/simulate',
    'src/api',
    'src/cli',
    'src/wizard',
    'src/witness',
    'src/daemon',
    'agents',
    'appliance',
  ],
  'src/formats': [
    'src/engine',
    'src/simulate',
    'src/ports',
    'src/platform',
    'src/api',
    'src/cli',
    'src/daemon',
    'src/report',
    'agents',
    'appliance',
  ],
};

const layerRules = Object.entries(rooms).map(([room, forbidden]) => ({
  files: [`${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: forbidden.map((other) => `**/${other.replace('src/', '')}/**`),
            message: `${room} may not import this room (DESIGN.md, section 2)`,
          },
          ...(room === 'src/model' || room === 'src/engine' || room === 'src/diagnosis'
            ? [{ regex: '^[^.]', message: 'Model, engine and doctor import no package and nothing of Node' }]
            : room === 'src/simulate'
              ? [
                  {
                    regex: '^(?!node:crypto$|@viz-js/viz$)[^.]',
                    message: 'Only node:crypto, for MD5, and Graphviz, for pictures',
                  },
                ]
              : room === 'src/cli'
                ? [
                    // simulate, explain and convert read files where there is no API to ask: by one door only.
                    {
                      group: ['**/simulate/**', '!**/simulate/index.ts'],
                      message: 'The CLI knows the simulator by its index.ts only',
                    },
                    {
                      group: ['**/report/**', '!**/report/index.ts'],
                      message: 'The CLI knows the report by its index.ts only',
                    },
                  ]
                : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['build/', 'node_modules/', '**/*.js', 'vitest.config.ts'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      'max-lines': ['error', { max: 500 }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/engine/**/*.ts', 'src/model/**/*.ts', 'src/diagnosis/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'Date',
        'performance',
        'setTimeout',
        'setInterval',
        'process',
        'console',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness is a parameter' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'AwaitExpression', message: 'The engine does not wait: effects out, inputs in' },
      ],
    },
  },
  ...layerRules,
);
