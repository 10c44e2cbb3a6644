/** Where the outlets of one maker's units are, and what their numbers mean. The last part of each OID is the outlet's. */
export interface Family {
  /** Column of the outlets' names. */
  readonly names: string;
  /** Column of what each outlet is now. */
  readonly state: string;
  readonly isOn: readonly number[];
  readonly isOff: readonly number[];
  /** Column and value that switch an outlet at once. */
  readonly on: readonly [column: string, value: number];
  readonly off: readonly [column: string, value: number];
}

const apc = '1.3.6.1.4.1.318.1.1';
const cyberPower = '1.3.6.1.4.1.3808.1.1.3.3';
const eaton = '1.3.6.1.4.1.534.6.6.7.6';
const raritan = '1.3.6.1.4.1.13742.6';

/** Sources: the makers' MIBs, named with each. */
export const families = {
  /** PowerNet-MIB, rPDUOutletControl and rPDUOutletStatus: Switched Rack PDUs (AP79xx, AP89xx). */
  apc: {
    names: `${apc}.12.3.5.1.1.2`,
    state: `${apc}.12.3.5.1.1.4`,
    isOn: [1],
    isOff: [2],
    on: [`${apc}.12.3.3.1.1.4`, 1],
    off: [`${apc}.12.3.3.1.1.4`, 2],
  },
  /** PowerNet-MIB, sPDUOutletControl: MasterSwitch units, and what imitates them. */
  'apc-masterswitch': {
    names: `${apc}.4.4.2.1.4`,
    state: `${apc}.4.4.2.1.3`,
    isOn: [1],
    isOff: [2],
    on: [`${apc}.4.4.2.1.3`, 1],
    off: [`${apc}.4.4.2.1.3`, 2],
  },
  /** CPS-MIB, ePDUOutletControl and ePDUOutletStatus. */
  cyberpower: {
    names: `${cyberPower}.5.1.1.2`,
    state: `${cyberPower}.5.1.1.4`,
    isOn: [1],
    isOff: [2],
    on: [`${cyberPower}.3.1.1.4`, 1],
    off: [`${cyberPower}.3.1.1.4`, 2],
  },
  /** EATON-EPDU-MIB, outletTable and outletControlTable; an outlet is strip.outlet. A pending one has not switched. */
  eaton: {
    names: `${eaton}.1.1.3`,
    state: `${eaton}.6.1.2`,
    isOn: [1, 2],
    isOff: [0],
    on: [`${eaton}.6.1.4`, 0],
    off: [`${eaton}.6.1.3`, 0],
  },
  /** PDU2-MIB, outletConfigurationTable and outletSwitchControlTable; an outlet is unit.outlet. */
  raritan: {
    names: `${raritan}.3.5.3.1.3`,
    state: `${raritan}.4.1.2.1.3`,
    isOn: [7],
    isOff: [8],
    on: [`${raritan}.4.1.2.1.2`, 1],
    off: [`${raritan}.4.1.2.1.2`, 0],
  },
} as const satisfies Readonly<Record<string, Family>>;
