import type { AgentName, OperationName, Parameters } from '../../../src/model/index.ts';
import { Violation } from '../violation.ts';

interface Order {
  readonly agent: AgentName;
  readonly operation: OperationName;
  readonly parameters: Parameters;
}

/** Of a message, what is of interest here. */
interface Told {
  readonly kind: string;
  readonly generation?: number;
  readonly action?: Order & { readonly node: string };
}

interface Heard {
  readonly order: string;
  readonly from: number;
  readonly generation: number;
  /** It need not be begun as it was ordered. */
  readonly isLook: boolean;
  /** Heard together with what else is heard now; or what it may have waited for has ended together with that. */
  isNew: boolean;
}

/**
 * S8, of one engine: what it begins was ordered in the view that it is in. Views are named by the simulated Corosync:
 * two engines have the same name for one only if they are told the same members at the same place of the same order. In
 * one view engines may agree anew, and have another generation.
 */
export class Orders {
  private readonly name: string;
  private view = '';
  /** Orders of the present view that were not begun yet. */
  private waiting: Heard[] = [];
  /** Orders that became due together with the end of the view that they were given in: nobody could know better. */
  private overtaken: Heard[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get presentView(): string {
    return this.view;
  }

  /** All that was heard of this generation was begun, looks aside. */
  isEmpty(ofGeneration: number): boolean {
    return this.waiting.every(({ generation, isLook }) => generation !== ofGeneration || isLook);
  }

  enter(view: string): void {
    this.view = view;
    this.overtaken.push(...this.waiting.filter(({ isNew }) => isNew));
    this.waiting = [];
  }

  hear(payload: string, from: number, sentIn: string): void {
    // Most messages are no orders, and parsing is dear.
    if (!payload.includes('"kind":"order"')) return;
    const { message } = JSON.parse(payload.slice(payload.indexOf('{'))) as { readonly message: Told };
    if (message.kind !== 'order' || message.action?.node !== this.name) return;
    if (sentIn !== this.view) return;
    const { generation = 0, action } = message;
    const other = this.waiting.find((heard) => heard.from !== from && heard.generation === generation);
    if (other !== undefined)
      throw new Violation(
        'S8',
        `nodes ${other.from} and ${from} both give orders of generation ${generation}`,
      );
    const isLook = action.operation === 'monitor';
    this.waiting.push({ order: textOf(action), from, generation, isLook, isNew: true });
  }

  /** Something that was under way has ended: an order that was held up by it is begun now, whatever is heard after that. */
  free(): void {
    for (const heard of this.waiting) heard.isNew = true;
  }

  /** All that was heard together has had its effect. */
  settle(): void {
    this.overtaken = [];
    for (const heard of this.waiting) heard.isNew = false;
  }

  /**
   * An operation is begun by an engine that is in this generation. Looks do no harm, and need no order. True: the view
   * of the order has ended in the same moment.
   */
  begin(order: Order, generation: number): boolean {
    if (order.operation === 'monitor') return false;
    const text = textOf(order);
    const index = this.waiting.findIndex(
      (heard) => heard.order === text && (heard.isNew || heard.generation === generation),
    );
    if (index < 0 && this.overtaken.some((heard) => heard.order === text)) return true;
    if (index < 0)
      throw new Violation(
        'S8',
        `${this.name} begins ${order.agent} ${order.operation}, which no controller of this view has ordered`,
      );
    this.waiting.splice(index, 1);
    return false;
  }
}

const textOf = ({ agent, operation, parameters }: Order): string =>
  `${agent} ${operation} ${JSON.stringify(parameters)}`;
