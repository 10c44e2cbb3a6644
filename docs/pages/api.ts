import { endpoints, failuresOf } from '../../src/api/index.ts';
import { generated, markdownTable } from './markdown.ts';

const proofs = {
  token: '',
  'join-secret': ' No token: the join secret in the body is the proof.',
  'cluster-key': ' No token: the body carries a proof that the caller has the cluster’s key.',
} as const;

const sections = endpoints.map((endpoint) => {
  const parameters =
    endpoint.parameters.length === 0
      ? []
      : [
          markdownTable(
            ['Parameter', 'In', 'Meaning'],
            endpoint.parameters.map(({ name, in: place, description }) => [
              `\`${name}\``,
              place,
              description,
            ]),
          ),
        ];
  const answers = markdownTable(
    ['Answer', 'Meaning'],
    Object.entries(endpoint.answers).map(([status, { description }]) => [status, description]),
  );
  const codes = failuresOf(endpoint).map((code) => `\`${code}\``);
  return [
    `## ${endpoint.method} /api/v1${endpoint.path}`,
    `${endpoint.summary}.${proofs[endpoint.secured]}`,
    ...parameters,
    answers,
    `Failures: ${codes.join(', ')}.`,
  ].join('\n\n');
});

export function apiPage(): string {
  return `${generated}

# API

HTTPS on port 8443 of every node; any node answers for the cluster. Bodies are JSON of at most 1 MiB; fields that are
not known are refused. Send \`Authorization: Bearer TOKEN\`; root finds the token in \`/etc/keelson/token\`. The full
schemas are in [openapi.json](openapi.json), and at \`/api/v1/openapi.json\` on a node; failures are in
[errors.md](errors.md).

Requests may be repeated safely: a LUN is made once for the same name and parameters, and deleting what is not there
succeeds. What takes time answers 202 with an operation; with \`wait\` the answer comes when it has ended.

${sections.join('\n\n')}
`;
}
