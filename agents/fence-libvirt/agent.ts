import { failed, failure, type Result } from '../../src/model/index.ts';
import type { FenceAgent, FenceVerb, Power } from '../../src/ports/index.ts';
import { parseParameters } from '../operation.ts';
import { withSystemErrors } from '../system-error.ts';
import { withCredentials } from './credentials.ts';
import { libvirtAccess, libvirtParameters } from './parameters.ts';
import { listDomains, readPower, switchPower, type Domain } from './virsh.ts';

async function perform(verb: FenceVerb, domain: Domain): Promise<Result<Power>> {
  const before = await readPower(domain);
  if (verb === 'status' || !before.ok || before.value === verb) return before;
  const switched = await switchPower(domain, verb);
  // The answer may have been lost on its way, not the order: what the hypervisor says afterwards is what counts.
  const after = await readPower(domain);
  if (after.ok && after.value === verb) return after;
  if (!switched.ok) return switched;
  if (!after.ok) return after;
  return failed(
    failure('fence_not_confirmed', `the hypervisor still says that ${domain.name} is ${after.value}`),
  );
}

export function createLibvirtFenceAgent(): FenceAgent {
  return {
    name: 'fence-libvirt',
    async perform(verb, raw, context) {
      const parsed = parseParameters(libvirtParameters, raw);
      if (!parsed.ok) return parsed;
      const { domain: name } = parsed.value;
      return withSystemErrors(() =>
        withCredentials(parsed.value, (uri) => perform(verb, { uri, name, context })),
      );
    },
    async discover(raw, context) {
      const parsed = parseParameters(libvirtAccess, raw);
      if (!parsed.ok) return parsed;
      return withSystemErrors(() => withCredentials(parsed.value, (uri) => listDomains(uri, context)));
    },
  };
}
