import {
  failure,
  isForTests,
  type ClusterFile,
  type Failure,
  type FenceDeviceFile,
} from '../../model/index.ts';

/**
 * A device that proves nothing puts data at risk where it is taken for a real one: it is refused unless the device and
 * the cluster both say that all of it is a trial.
 */
export function refusalOfTestDevices({ nodes, testOnly }: ClusterFile): Failure | undefined {
  for (const { name, fence } of nodes) {
    const devices = Array.isArray(fence) ? (fence as readonly FenceDeviceFile[]) : [fence as FenceDeviceFile];
    for (const device of devices.filter(isForTests)) {
      const unsaid = [
        ...('testOnly' in device && device.testOnly === true ? [] : ['the device']),
        ...(testOnly === true ? [] : ['the cluster']),
      ];
      if (unsaid.length > 0)
        return failure(
          'fence_test_only',
          `${name} has a fence device of kind ${device.kind}, and ${unsaid.join(' and ')} does not say testOnly`,
        );
    }
  }
  return undefined;
}
