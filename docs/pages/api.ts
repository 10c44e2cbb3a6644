import { endpoints, failuresOf } from '../../src/api/index.ts';
import { generated, markdownTable } from './markdown.ts';

const proofs = {
  token: '',
  'join-secret': ' No token: the join secret in the body is the proof.',
  'join-code': ' No token: the body carries a proof that the caller has the join code.',
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

## What holds everywhere

- **Lists** are in the order of names. Their filters have all to fit; one that is not known is refused, since it would
  show too much. With \`limit\` a list comes in pages, and the header \`Link\` (\`rel="next"\`) names the next one. A
  page begins after the last name of the page before, so what comes or goes meanwhile moves nothing.
- **\`ETag\`**, also as \`etag\` in the body, is of an object as it is configured, and the same on every node: who serves
  a LUN, or is logged in, does not change it. Changes take \`If-Match\`. It is judged where the change takes its turn in
  the log that all nodes share, not in the process that was asked: of two changes with the same tag one at most is
  made, whichever nodes they were sent to. The other one is answered with 412 \`precondition_failed\` and the present
  tag. Deleting what is not there succeeds, whatever \`If-Match\` says.
- **\`Idempotency-Key\`** is taken where something is made (it stands at the addresses below). The key goes into the log
  together with the change, so it holds on every node and survives the end of any process. The same request again gets
  the same object and the same operation; another request with that key is refused with 422 \`key_reused\`. What was
  deleted since is not made again: 409 \`key_spent\`. A refusal is not remembered, for it changed nothing. Keys are
  kept for 24 hours, the last 256 of them. All other requests are safe to repeat as they are.
- **Failures** are problem details (RFC 9457), \`application/problem+json\`, with a stable \`code\` and the next step.

${sections.join('\n\n')}
`;
}
