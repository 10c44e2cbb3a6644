/** Where drbdadm looks for resource files. */
export const resourceFolder = '/etc/drbd.d';

export const resourceFilePath = (folder: string, pool: string): string => `${folder}/keelson-${pool}.res`;
