import type { ActionBuilder } from '../../actions/table.ts';
import type { Resource } from '../../unpack/resource.ts';
import { orderWithinClone } from './clone.ts';
import { orderWithinGroup } from './group.ts';
import { orderWithinPrimitive } from './primitive.ts';

/** The orderings that follow from what a resource is, without any constraint. */
export function orderWithin(builder: ActionBuilder, resource: Resource): void {
  switch (resource.kind) {
    case 'primitive':
      orderWithinPrimitive(builder, resource);
      return;
    case 'group':
      orderWithinGroup(builder, resource);
      return;
    case 'clone':
      orderWithinClone(builder, resource);
  }
}
