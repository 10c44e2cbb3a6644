import { isTrue } from '../rules/values.ts';
import { lower } from '../rules/text.ts';
import type { Node } from '../unpack/node.ts';
import type { Unpacked } from '../unpack/unpacked.ts';
import { ROLE } from '../unpack/resource.ts';
import { addScores, INFINITY, parseScore } from './arithmetic.ts';
import type { ScoreDraft } from './draft.ts';
import type { LocationConstraint } from './scored.ts';

const STRATEGIES = ['none', 'migrate-on-red', 'only-green', 'progressive', 'custom'] as const;
type Strategy = (typeof STRATEGIES)[number];

/** What the three words in a health attribute are worth. */
interface Colours {
  readonly red: number;
  readonly yellow: number;
  readonly green: number;
}

/**
 * Turns the attributes `#health...` of each node into a location for every resource at the top, as the property
 * `node-health-strategy` wants it ("Pacemaker Explained", tracking node health).
 */
export function addHealthLocations(draft: ScoreDraft): void {
  const { unpacked } = draft;
  const strategy = strategyOf(unpacked);
  if (strategy === 'none') return;
  const colours = coloursOf(unpacked, strategy);
  const base = strategy === 'progressive' ? scoreProperty(unpacked, 'node-health-base') : 0;

  for (const node of unpacked.nodes) {
    const health = healthOf(node, colours, base);
    if (health === 0) continue;
    for (const resource of unpacked.resources) {
      if (health < 0 && isTrue(resource.meta.get('allow-unhealthy-nodes'))) continue;
      const location: LocationConstraint = {
        id: strategy,
        kind: 'health',
        resource,
        role: ROLE.unknown,
        scores: new Map([[node, health]]),
        discovery: undefined,
      };
      draft.locations.push(location);
    }
  }
}

function strategyOf(unpacked: Unpacked): Strategy {
  const word = lower(unpacked.settings.properties.get('node-health-strategy') ?? 'none');
  return STRATEGIES.find((strategy) => strategy === word) ?? 'none';
}

function coloursOf(unpacked: Unpacked, strategy: Exclude<Strategy, 'none'>): Colours {
  switch (strategy) {
    case 'migrate-on-red':
      return { red: -INFINITY, yellow: 0, green: 0 };
    case 'only-green':
      return { red: -INFINITY, yellow: -INFINITY, green: 0 };
    case 'progressive':
    case 'custom':
      return {
        red: scoreProperty(unpacked, 'node-health-red', '-INFINITY'),
        yellow: scoreProperty(unpacked, 'node-health-yellow'),
        green: scoreProperty(unpacked, 'node-health-green'),
      };
  }
}

function scoreProperty(unpacked: Unpacked, name: string, otherwise = '0'): number {
  return parseScore(unpacked.settings.properties.get(name) ?? otherwise);
}

function healthOf(node: Node, colours: Colours, base: number): number {
  let health = base;
  for (const [name, value] of node.attributes) {
    if (name.startsWith('#health')) health = addScores(worthOf(value, colours), health);
  }
  return health;
}

function worthOf(value: string, colours: Colours): number {
  const word = lower(value);
  if (word === 'red' || word === 'yellow' || word === 'green') return colours[word];
  return parseScore(value);
}
