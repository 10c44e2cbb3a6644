import type { Node } from '../unpack/node.ts';

/** Scores by node that tell when one of them changes, so that what was worked out from them can be thrown away. */
export class ScoreTable extends Map<Node, number> {
  /** Called after every change. */
  onChange: (() => void) | undefined;

  override set(node: Node, score: number): this {
    if (this.get(node) === score && this.has(node)) return this;
    super.set(node, score);
    this.onChange?.();
    return this;
  }

  override delete(node: Node): boolean {
    const wasThere = super.delete(node);
    if (wasThere) this.onChange?.();
    return wasThere;
  }

  override clear(): void {
    super.clear();
    this.onChange?.();
  }
}
