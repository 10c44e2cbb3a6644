import type { Looks, Path, PathFacts } from '../../model/index.ts';
import { output, type Place } from './place.ts';

const PACKETS = 20;
/** Of an IPv4 packet without options, and of an echo request (RFC 791, RFC 792). */
const HEADERS = 28;

/** All at once: ten small packets a second are nothing to any of them. */
export const lookAtPaths = (place: Place, paths: readonly Path[]): Promise<Looks['paths']> =>
  Promise.all(paths.map((path) => lookAtPath(place, path)));

async function lookAtPath(place: Place, path: Path): Promise<PathFacts> {
  const from = path.from === undefined ? [] : ['-I', path.from];
  const echoed = await ping(place, ['-c', String(PACKETS), '-i', '0.1', ...from, path.to]);
  if (echoed.received === 0) {
    const answers = await place.reaches(path.from, path.to);
    return { ...path, ...echoed, answersOtherwise: answers, mtu: undefined, passes: undefined };
  }
  const mtu = await mtuOf(place, path);
  const size = mtu === undefined ? undefined : String(mtu - HEADERS);
  // Of three that are as large as the card sends them, one that arrives says that they fit.
  const large =
    size === undefined
      ? undefined
      : await ping(place, ['-c', '3', '-i', '0.2', '-M', 'do', '-s', size, ...from, path.to]);
  const passes = large === undefined ? undefined : large.received > 0;
  return { ...path, ...echoed, answersOtherwise: undefined, mtu, passes };
}

/** ping(8): ends with 1 where no answer came, and with 2 where it could not send. */
async function ping(
  place: Place,
  words: readonly string[],
): Promise<Pick<PathFacts, 'sent' | 'received' | 'average'>> {
  const done = await place.run('ping', ['-n', '-q', '-W', '1', ...words]);
  if (!done.ok) throw new Error(done.failure.message);
  const { exitCode, stdout, stderr } = done.value;
  // An address that is not there, or a route: nothing can be sent, and the network is as good as away.
  if (exitCode > 1 && /Cannot assign|unreachable/.test(stderr))
    return { sent: 0, received: 0, average: undefined };
  if (exitCode > 1) throw new Error(`ping ended with ${exitCode}: ${stderr.trim()}`);
  return echoesIn(stdout);
}

/** The two lines at the end: `20 packets transmitted, 20 received, ...` and `rtt min/avg/max/mdev = ...` in milliseconds. */
export function echoesIn(text: string): Pick<PathFacts, 'sent' | 'received' | 'average'> {
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(text) ?? [];
  if (sent === undefined || received === undefined) throw new Error('ping does not say what was received');
  const [, average] = /= [\d.]+\/([\d.]+)\//.exec(text) ?? [];
  return {
    sent: Number(sent),
    received: Number(received),
    average: average === undefined ? undefined : Number(average),
  };
}

/** Of the card from which the packets go; undefined where nothing says which. */
async function mtuOf(place: Place, { from, to }: Path): Promise<number | undefined> {
  if (from === undefined) {
    const routes = await output(place, 'ip', ['-json', 'route', 'get', to]);
    const [route] = JSON.parse(routes) as readonly { readonly prefsrc?: string }[];
    return route?.prefsrc === undefined
      ? undefined
      : mtuOf(place, { network: '', peer: '', from: route.prefsrc, to });
  }
  const cards = await output(place, 'ip', ['-json', 'address', 'show', 'to', `${from}/32`]);
  return (JSON.parse(cards) as readonly { readonly mtu?: number }[]).find(({ mtu }) => mtu !== undefined)
    ?.mtu;
}
