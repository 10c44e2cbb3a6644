/** By the names that the agents of Debian's fence-agents 4.12 give theirs: `passwd`, `apikey`, `hexadecimal_kg`, ... */
const SECRET =
  /passw|passphrase|passcode|secret|community|token|credential|(^|[_-])(api|access|auth|priv|private)?key$|(^|[_-])(pass|kg|pin|psk)$/;

/** What only says where a secret is to be found: `passwd_script`, `token_file`, `tlskey`. */
const PLACE = /[_-](script|file|path|dir)$|^(ssh|ssl|tls)[_-]?key$/;

/** Whether the value of a fence agent's option is a secret, as far as its name tells. */
export const isSecretOption = (name: string): boolean => SECRET.test(name) && !PLACE.test(name);

/** `[USER@]HOST[:PORT]`, the user without a colon (which `%3a` is, too), and what may follow the host. */
const AUTHORITY =
  /^[a-z0-9+]+:\/\/((?![^@/]*%3a)[^:@/?#]*@)?(\[[^\]@/?#]*\]|[^:@/?#[\]]*)(:\d{1,5})?([/?#]|$)/i;

/** Whether a hypervisor's URI names at most a user and a host: it becomes an argument, which everybody can see. */
export const isWithoutPassword = (uri: string): boolean => AUTHORITY.test(uri);
