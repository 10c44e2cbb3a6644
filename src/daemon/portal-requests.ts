import { failed, type ReplyOf, type RequestOf, type RequestTerms, type Result } from '../model/index.ts';
import type { Runtime } from './runtime.ts';

export type PortalCheck = (address: string, prefix: number) => Promise<Result<void>>;

/** A new portal: this node's networks are asked before the engine hears of it. One that is there is asked for again. */
export async function addPortal(
  runtime: Pick<Runtime, 'request'>,
  check: PortalCheck,
  asked: RequestOf<'portal.add'>,
  gone: AbortSignal,
  terms: RequestTerms | undefined,
): Promise<Result<unknown>> {
  const target = await runtime.request('target', { name: asked.name }, gone);
  if (!target.ok) return target;
  const { portals } = target.value as ReplyOf<'target'>;
  if (!portals.some(({ address }) => address === asked.address)) {
    const fits = await check(asked.address, asked.prefix);
    if (!fits.ok) return failed(fits.failure);
  }
  return runtime.request('portal.add', asked, gone, terms);
}
