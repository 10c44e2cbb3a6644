import { describe, expect, it } from 'vitest';
import { intervalOfKey, parseActionKey } from '../../../../src/engine/scheduler/actions/key.ts';

describe('the key of an operation', () => {
  it('tells resource, task and interval, whatever the id looks like', () => {
    expect(parseActionKey('my_web_server_monitor_10000')).toEqual({
      id: 'my_web_server',
      task: 'monitor',
      interval: 10_000,
    });
    expect(parseActionKey('drbd:1_promote_0')).toEqual({ id: 'drbd:1', task: 'promote', interval: 0 });
  });

  it('knows the tasks that have underlines themselves', () => {
    expect(parseActionKey('vm_1_migrate_to_0')).toEqual({ id: 'vm_1', task: 'migrate_to', interval: 0 });
    expect(parseActionKey('ms_drbd_pre_notify_promote_0')?.task).toBe('pre_notify_promote');
  });

  it('is no key where the interval is missing', () => {
    expect(parseActionKey('stonith-node1-reboot')).toBeUndefined();
    expect(intervalOfKey('load_stopped_node1')).toBe(0);
    expect(intervalOfKey('web_monitor_30000')).toBe(30_000);
  });
});
