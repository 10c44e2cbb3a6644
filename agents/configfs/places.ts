/** Where things are in the kernel's target configuration, relative to its root. */
export const portalGroup = (iqn: string): string => `iscsi/${iqn}/tpgt_1`;
export const acl = (iqn: string, initiator: string): string => `${portalGroup(iqn)}/acls/${initiator}`;
export const lunFolder = (iqn: string, number: number): string => `${portalGroup(iqn)}/lun/lun_${number}`;
/** A LUN as one initiator sees it. */
export const mappedLun = (iqn: string, initiator: string, number: number): string =>
  `${acl(iqn, initiator)}/lun_${number}`;
export const iblock = 'core/iblock_0';
export const backstore = (name: string): string => `${iblock}/${name}`;
