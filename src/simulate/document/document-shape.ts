import { flag, list, object, text, textOr, texts, type Shape } from './shape.ts';

/** The shapes of `ClusterDocument` and all it consists of, field by field as in the model. */
const pair = object({}, {}, { id: text, idRef: text, name: text, value: text });

const rule: Shape = object(
  {},
  { expressions: list(() => expression) },
  { id: text, idRef: text, score: text, scoreAttribute: text, booleanOp: text, role: text },
);

const agent = object({ standard: text, type: text }, {}, { provider: text });

const dateFields = object({ fields: texts }, {}, { id: text });

const expression: Shape = {
  kind: 'choice',
  of: {
    attribute: object(
      { kind: text, attribute: text, operation: text },
      {},
      { id: text, value: text, valueSource: text, type: text },
    ),
    date: object(
      { kind: text },
      {},
      { id: text, operation: text, start: text, end: text, duration: dateFields, spec: dateFields },
    ),
    resource: object(
      { kind: text, agent: object({}, {}, { standard: text, provider: text, type: text }) },
      {},
      { id: text },
    ),
    operation: object({ kind: text }, {}, { id: text, name: text, interval: text }),
    rule: object({ kind: text, rule }),
  },
};

const pairSet = object({}, { pairs: list(() => pair) }, { id: text, idRef: text, score: text, rule });
const pairSets = list(() => pairSet);

const operation = object(
  { fields: texts },
  { meta: pairSets, parameters: pairSets },
  { id: text, idRef: text },
);

const resourceLists = { meta: pairSets, parameters: pairSets };

const primitive = object(
  { kind: text, id: text },
  { ...resourceLists, utilization: pairSets, operations: list(() => operation) },
  { description: text, agent, template: text, operationsId: text, operationsIdRef: text },
);

const group = object(
  { kind: text, id: text },
  { ...resourceLists, members: list(() => ({ kind: 'choice', of: { primitive } })) },
  { description: text },
);

const clone = object(
  { kind: text, id: text, isMaster: flag, child: { kind: 'choice', of: { primitive, group } } },
  resourceLists,
  { description: text },
);

const resourceSet = object({ fields: texts }, { resources: list(() => text) }, { id: text, idRef: text });

const constraintShape = object(
  { kind: text, id: text, fields: texts },
  { sets: list(() => resourceSet), rules: list(() => rule) },
  { lifetime: object({}, { rules: list(() => rule) }, { id: text }) },
);

const constraint: Shape = {
  kind: 'choice',
  of: {
    location: constraintShape,
    colocation: constraintShape,
    order: constraintShape,
    ticket: constraintShape,
  },
};

const node = object(
  { id: text, uname: text },
  { attributes: pairSets, utilization: pairSets },
  { type: text, description: text, score: text },
);

const level = object(
  { index: text },
  { devices: list(() => text) },
  { id: text, target: text, targetPattern: text, targetAttribute: text, targetValue: text },
);

const configuration = object(
  {},
  {
    properties: pairSets,
    resourceDefaults: pairSets,
    operationDefaults: pairSets,
    nodes: list(() => node),
    resources: list(() => ({ kind: 'choice', of: { primitive, group, clone } })),
    templates: list(() => ({ kind: 'choice', of: { template: primitive } })),
    constraints: list(() => constraint),
    tags: list(() => object({ id: text }, { references: list(() => text) })),
    fencingLevels: list(() => level),
    others: list(() => opaque),
  },
);

const opaque: Shape = object(
  { name: text, attributes: texts },
  { children: list(() => textOr(() => opaque)) },
);

const history = object(
  { id: text, fields: texts },
  { operations: list(() => object({ id: text, operation: text, fields: texts })) },
  { agent },
);

const nodeHistory = object(
  { id: text, isRemote: flag, fields: texts },
  { transient: pairSets },
  { uname: text, transientId: text, resources: list(() => history) },
);

export const documentShape = object(
  { configuration },
  { nodes: list(() => nodeHistory), tickets: list(() => object({ id: text, fields: texts })) },
  { fields: texts },
);
