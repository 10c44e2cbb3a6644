import type { Configfs } from '../../../agents/configfs/configfs.ts';

/** Thrown in place of a change, as if the process had been killed just before it. */
export class Killed extends Error {}

const refuse = (code: string, syscall: string, path: string): never => {
  throw Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall });
};

const targetAttributes: Readonly<Record<string, string>> = {
  enable: '0',
  'attrib/authentication': '1',
  'attrib/generate_node_acls': '0',
  'attrib/demo_mode_write_protect': '1',
  'attrib/cache_dynamic_acls': '0',
  'attrib/login_timeout': '15',
  'attrib/default_cmdsn_depth': '64',
  'param/InitialR2T': 'Yes',
  'param/ImmediateData': 'Yes',
  'param/FirstBurstLength': '65536',
  'param/MaxBurstLength': '262144',
  'param/MaxRecvDataSegmentLength': '8192',
  'param/MaxXmitDataSegmentLength': '262144',
  'param/MaxOutstandingR2T': '1',
  'param/DefaultTime2Wait': '2',
};

const backstoreAttributes: Readonly<Record<string, string>> = {
  enable: '0',
  control: '',
  info: 'Status: DEACTIVATED',
  udev_path: '',
  'wwn/vpd_unit_serial': 'T10 VPD Unit Serial Number:',
  'attrib/emulate_tpu': '0',
  'attrib/emulate_tpws': '0',
  'attrib/force_pr_aptpl': '0',
  'pr/res_aptpl_metadata': '',
};

/** What making a folder brings with it: the kernel's own folders and attributes inside it. */
const births: readonly {
  readonly at: RegExp;
  readonly folders: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}[] = [
  { at: /^iscsi$/, folders: [], attributes: {} },
  { at: /^iscsi\/[^/]+$/, folders: [], attributes: { 'fabric_statistics/iscsi_instance/sessions': '0' } },
  {
    at: /^iscsi\/[^/]+\/tpgt_1$/,
    folders: ['acls', 'attrib', 'lun', 'np', 'param'],
    attributes: targetAttributes,
  },
  { at: /\/tpgt_1\/np\/(?:[0-9.]+|\[[0-9a-f:]+\]):3260$/, folders: [], attributes: {} },
  { at: /\/tpgt_1\/lun\/lun_[0-9]+$/, folders: ['statistics'], attributes: {} },
  {
    at: /\/tpgt_1\/acls\/[^/]+$/,
    folders: ['attrib', 'auth', 'param'],
    attributes: {
      info: 'No active iSCSI Session for Initiator Endpoint',
      'attrib/authentication': '-1',
      'auth/userid': '',
      'auth/password': '',
      'auth/userid_mutual': '',
      'auth/password_mutual': '',
    },
  },
  {
    at: /\/tpgt_1\/acls\/[^/]+\/lun_[0-9]+$/,
    folders: ['statistics'],
    attributes: { write_protect: '0' },
  },
  { at: /^core\/iblock_0$/, folders: [], attributes: {} },
  {
    at: /^core\/iblock_0\/[^/]+$/,
    folders: ['alua', 'attrib', 'pr', 'wwn'],
    attributes: backstoreAttributes,
  },
];

/**
 * The kernel's target configuration with the rules that Linux 6.1 was seen to keep: what is born with a folder, what
 * is refused while something links to it, what cannot be set twice. It counts the changes, and can be killed at one.
 */
export class KernelTarget implements Configfs {
  readonly tree = new Map<string, Map<string, string>>();
  readonly #made = new Set<string>();
  readonly #links = new Map<string, string>();
  /** Block devices by path, such as `/dev/dm-3`, with their number. */
  readonly devices = new Map<string, string>();
  changes = 0;
  /** What was changed, one word and a path each; never a value. */
  readonly deeds: string[] = [];
  killAt = Infinity;

  constructor() {
    this.tree.set('.', new Map());
    this.tree.set('core', new Map());
    this.tree.set('iscsi', new Map());
  }

  #change(deed: string, path: string): void {
    if (this.changes >= this.killAt) throw new Killed();
    this.changes += 1;
    this.deeds.push(`${deed} ${path}`);
  }

  makeFolder(path: string): Promise<void> {
    return Promise.resolve().then(() => {
      this.#change('make', path);
      if (this.tree.has(path)) return;
      if (!this.tree.has(path.slice(0, path.lastIndexOf('/')))) refuse('ENOENT', 'mkdir', path);
      const birth = births.find(({ at }) => at.test(path)) ?? refuse('EPERM', 'mkdir', path);
      this.tree.set(path, new Map(Object.entries(birth.attributes)));
      for (const folder of birth.folders) this.tree.set(`${path}/${folder}`, new Map());
      this.#made.add(path);
    });
  }

  removeFolder(path: string): Promise<void> {
    return Promise.resolve().then(() => {
      this.#change('remove', path);
      if (!this.tree.has(path)) return;
      if (!this.#made.has(path)) refuse('EPERM', 'rmdir', path);
      if ([...this.#links.values()].includes(path)) refuse('EBUSY', 'rmdir', path);
      const inside = (other: string): boolean => other.startsWith(`${path}/`);
      if ([...this.#made].some(inside) || [...this.#links.keys()].some(inside))
        refuse('ENOTEMPTY', 'rmdir', path);
      for (const other of [...this.tree.keys()].filter(inside)) this.tree.delete(other);
      this.tree.delete(path);
      this.#made.delete(path);
    });
  }

  folders(path: string): Promise<readonly string[] | undefined> {
    if (!this.tree.has(path)) return Promise.resolve(undefined);
    const prefix = path === '.' ? '' : `${path}/`;
    const below = [...this.tree.keys()].filter((other) => other !== '.' && other.startsWith(prefix));
    const names = below.map((other) => other.slice(prefix.length)).filter((name) => !name.includes('/'));
    return Promise.resolve(names);
  }

  links(path: string): Promise<Readonly<Record<string, string>>> {
    const inside = [...this.#links].filter(([link]) => link.slice(0, link.lastIndexOf('/')) === path);
    return Promise.resolve(Object.fromEntries(inside.map(([link, to]) => [link.slice(path.length + 1), to])));
  }

  makeLink(path: string, leadsTo: string): Promise<void> {
    return Promise.resolve().then(() => {
      this.#change('link', path);
      if (this.#links.has(path)) return;
      const folder = path.slice(0, path.lastIndexOf('/'));
      if (!this.tree.has(folder) || !this.tree.has(leadsTo)) refuse('ENOENT', 'symlink', path);
      if (leadsTo.startsWith('core/') && this.tree.get(leadsTo)?.get('enable') !== '1') {
        refuse('ENODEV', 'symlink', path);
      }
      const isMapping = folder.includes('/acls/');
      if (isMapping && ![...this.#links.keys()].some((link) => link.startsWith(`${leadsTo}/`))) {
        refuse('EINVAL', 'symlink', path);
      }
      this.#links.set(path, leadsTo);
      if (isMapping) this.tree.get(folder)?.set('write_protect', '0');
    });
  }

  removeLink(path: string): Promise<void> {
    return Promise.resolve().then(() => {
      this.#change('unlink', path);
      this.#links.delete(path);
    });
  }

  #attribute(path: string): { readonly owner: string; readonly name: string } | undefined {
    for (let owner = path; owner.includes('/');) {
      owner = owner.slice(0, owner.lastIndexOf('/'));
      const name = path.slice(owner.length + 1);
      if (this.tree.get(owner)?.has(name) === true) return { owner, name };
    }
    return undefined;
  }

  read(path: string): Promise<string | undefined> {
    const found = this.#attribute(path);
    return Promise.resolve(found === undefined ? undefined : this.tree.get(found.owner)?.get(found.name));
  }

  write(path: string, value: string): Promise<void> {
    return Promise.resolve().then(() => {
      this.#change('write', path);
      const { owner, name } = this.#attribute(path) ?? refuse('ENOENT', 'open', path);
      const attributes = this.tree.get(owner) ?? refuse('ENOENT', 'open', path);
      const isBackstore = owner.startsWith('core/');
      const linked = [...this.#links.values()].includes(owner);
      if (name === 'enable' && !isBackstore && attributes.get('enable') === value)
        refuse('EINVAL', 'write', path);
      if (name === 'enable' && isBackstore) this.#open(owner, attributes);
      if (/^pr\/|_aptpl$/.test(name) && linked) refuse('EINVAL', 'write', path);
      if (name === 'pr/res_aptpl_metadata') {
        // It takes each for another one, the same twice too.
        attributes.set(name, [attributes.get(name) ?? '', value].filter((one) => one !== '').join('\n'));
        return;
      }
      if (name === 'wwn/vpd_unit_serial') {
        if (linked) refuse('EINVAL', 'write', path);
        attributes.set(name, `T10 VPD Unit Serial Number: ${value}`);
        return;
      }
      attributes.set(name, value);
    });
  }

  /** Enabling a backstore opens its device for itself alone. */
  #open(owner: string, attributes: Map<string, string>): void {
    const device = /udev_path=([^,]+)/.exec(attributes.get('control') ?? '')?.[1] ?? '';
    const number = this.devices.get(device);
    if (number === undefined || attributes.get('enable') === '1') refuse('EINVAL', 'write', owner);
    const [major = '', minor = ''] = (number ?? '').split(':');
    const info = `Major: ${major} Minor: ${minor}  CLAIMED: IBLOCK`;
    for (const other of this.tree.values())
      if (other.get('info')?.endsWith(info) === true) refuse('EBUSY', 'write', owner);
    attributes.set(
      'info',
      `Status: ACTIVATED  Max Queue Depth: 0\n        iBlock device: x\n        ${info}`,
    );
  }
}
