import { failed, failure } from '../../model/index.ts';
import { answerWith, withBody, type Endpoint } from '../endpoint.ts';
import { Doctor, DoctorReport, Examine, Examined } from '../schemas/index.ts';

const examine: Endpoint = {
  id: 'examine',
  method: 'POST',
  path: '/doctor',
  summary:
    'Look for what would keep the SAN, or a machine that is to be part of one, from doing its work; changes nothing, and takes seconds',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'What was found, worst first', schema: DoctorReport } },
  failures: ['name_invalid', 'address_invalid', 'node_not_found'],
  ...withBody(Doctor, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('doctor', body ?? {})),
  ),
};

const examination: Endpoint = {
  id: 'examineForPeer',
  method: 'POST',
  path: '/doctor/examination',
  summary: 'The other side of it, asked by another node of the cluster',
  secured: 'cluster-key',
  parameters: [],
  answers: { 200: { description: 'What this node looks like, signed', schema: Examined } },
  failures: ['name_invalid', 'proof_wrong', 'cluster_missing', 'busy'],
  ...withBody(Examine, async ({ gateway, examinations }, call, body) =>
    examinations.admits(call.remote)
      ? answerWith(await gateway.request('doctor.examine', body))
      : failed(failure('busy', 'Too many examinations were asked for; wait a minute')),
  ),
};

export const doctorEndpoints: readonly Endpoint[] = [examine, examination];
