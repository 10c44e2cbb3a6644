const COMPARE = 'compares the answer to a COMPARE AND WRITE, and the sense of one that does not match';
const PROTECTION = 'wants VRPROTECT refused, or obeyed, on a disk without protection information';
const MISMATCH = 'wants VERIFY with BYTCHK to find data that differs';
const SESSION_ENDS = 'wants a RESERVE(6) released when the session that made it ends';
const RESIDUALS = 'wants residual counts where the length in the PDU and that in the CDB differ';

/**
 * Tests of libiscsi 1.19 that the kernel's target of Debian 12 (LIO 6.1) was seen to fail by itself, without Keelson, each
 * with what it asks of the kernel; nothing of it is configuration. Names as `SUITE.TEST`.
 */
export const failsOnStockLio: Readonly<Record<string, string>> = {
  'CompareAndWrite.Simple': COMPARE,
  'CompareAndWrite.Miscompare': COMPARE,
  'Inquiry.BlockLimits': 'checks the length and the values of the page of block limits',
  'ReceiveCopyResults.CopyStatus': 'wants the status of a third-party copy, which the kernel does not offer',
  'Reserve6.Logout': SESSION_ENDS,
  'Reserve6.ITNexusLoss': SESSION_ENDS,
  'Verify10.VerifyProtect': PROTECTION,
  'Verify10.Mismatch': MISMATCH,
  'Verify16.VerifyProtect': PROTECTION,
  'Verify16.Mismatch': MISMATCH,
  'iSCSIdatasn.iSCSIDataSnInvalid': 'wants a Data-Out with a wrong DataSN refused',
  'iSCSIResiduals.Read10Invalid': RESIDUALS,
  'iSCSIResiduals.Read10Residuals': RESIDUALS,
  'iSCSIResiduals.Read12Residuals': RESIDUALS,
  'iSCSIResiduals.Read16Residuals': RESIDUALS,
  'iSCSIResiduals.Write10Residuals': RESIDUALS,
  'iSCSIResiduals.Write12Residuals': RESIDUALS,
  'iSCSIResiduals.Write16Residuals': RESIDUALS,
  'iSCSIResiduals.WriteVerify10Residuals': RESIDUALS,
  'iSCSIResiduals.WriteVerify16Residuals': RESIDUALS,
};
