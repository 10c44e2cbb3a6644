import type { ConnectInfo, HostReach } from '../../model/index.ts';
import { afterGrow } from './after-grow.ts';
import { esxi } from './esxi.ts';
import { linux } from './linux.ts';
import { windows } from './windows.ts';

/** All that a host has to be told, whatever kind of host it is; never a secret. */
export const connectInfo = (reach: HostReach): ConnectInfo => ({
  ...reach,
  linux: linux(reach),
  windows: windows(reach),
  esxi: esxi(reach),
  afterGrow: afterGrow(reach.luns),
});
