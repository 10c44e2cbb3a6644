/**
 * The kernel's target configuration (`/sys/kernel/config/target`) as the agents use it. Paths are relative to it.
 * Everything may be repeated: what is there already, or gone already, is no error. All else throws the system's error.
 */
export interface Configfs {
  makeFolder(path: string): Promise<void>;
  /** The kernel removes what it made itself inside; `ENOTEMPTY` or `EBUSY` where something of ours is left in it. */
  removeFolder(path: string): Promise<void>;
  /** Names of the folders in a folder; undefined: the folder is not there. */
  folders(path: string): Promise<readonly string[] | undefined>;
  /** The links in a folder, by name, with the relative path they lead to; none where the folder is not there. */
  links(path: string): Promise<Readonly<Record<string, string>>>;
  makeLink(path: string, leadsTo: string): Promise<void>;
  removeLink(path: string): Promise<void>;
  /** An attribute without the white space around it; undefined: it is not there. */
  read(path: string): Promise<string | undefined>;
  /** Writes an attribute in one call, exactly as given: no newline (the kernel takes it for a part of the value). */
  write(path: string, value: string): Promise<void>;
}

/** Writes an attribute unless it has the value already: some of them refuse to be set twice, others act each time. */
export async function writeIfDifferent(configfs: Configfs, path: string, value: string): Promise<void> {
  if ((await configfs.read(path)) !== value) await configfs.write(path, value);
}
