export * from './answers.ts';
export * from './cluster-file.ts';
export * from './hosts.ts';
export * from './names.ts';
export * from './requests.ts';
export * from './size.ts';
export * from './version.ts';
export * from './wishes.ts';
