/**
 * The lab's power distribution unit: an SNMP agent with the outlet tables of APC's PowerNet-MIB, whose outlets are the
 * cords of the lab's machines. Runs inside the lab's namespace. Argument: the lab's state folder.
 */
import { basename } from 'node:path';
import snmp from 'net-snmp';
import type { MibRequest, TableColumn } from 'net-snmp';
import { readSettings } from '../settings.ts';
import type { LabSettings } from '../settings.ts';
import { addressOn, machineNames, machines, pduNumber } from '../topology.ts';
import { readPduCredentials } from './credentials.ts';
import { Outlet } from './outlet.ts';

/** A table of outlets: every row is [index, ...columns]. */
interface OutletTable {
  readonly name: string;
  readonly oid: string;
  readonly columns: readonly ('index' | 'pending' | 'phase' | 'name' | 'state')[];
  readonly isWritable: boolean;
}

const powerNet = '1.3.6.1.4.1.318.1.1';

const tables: readonly OutletTable[] = [
  {
    name: 'sPDUOutletControlEntry',
    oid: `${powerNet}.4.4.2.1`,
    columns: ['index', 'pending', 'state', 'name'],
    isWritable: true,
  },
  {
    name: 'rPDUOutletControlEntry',
    oid: `${powerNet}.12.3.3.1.1`,
    columns: ['index', 'name', 'phase', 'state'],
    isWritable: true,
  },
  {
    name: 'rPDUOutletStatusEntry',
    oid: `${powerNet}.12.3.5.1.1`,
    columns: ['index', 'name', 'phase', 'state'],
    isWritable: false,
  },
];

function serve(settings: LabSettings): void {
  const outlets = machineNames.map((name) => new Outlet(settings, machines[name]));
  const agent = snmp.createAgent(
    {
      port: 161,
      address: addressOn('management', pduNumber),
      transport: 'udp4',
      disableAuthorization: false,
      accessControlModelType: snmp.AccessControlModelType.Simple,
    },
    (error) => {
      if (error !== null) console.error(error.message);
    },
  );
  admit(settings, agent.getAuthorizer());
  const mib = agent.getMib();
  mib.registerProvider({
    name: 'sysDescr',
    type: snmp.MibProviderType.Scalar,
    oid: '1.3.6.1.2.1.1.1',
    scalarType: snmp.ObjectType.OctetString,
    maxAccess: snmp.MaxAccess['read-only'],
  });
  mib.setScalarValue('sysDescr', 'Keelson lab power distribution unit');

  const refresh = (): void => {
    for (const table of tables) {
      const column = table.columns.indexOf('state') + 1;
      for (const outlet of outlets) {
        mib.setTableSingleCell(table.name, column, [outlet.machine.outlet], outlet.value());
      }
    }
  };

  const handle = async (table: OutletTable, request: MibRequest): Promise<void> => {
    const [column, row] = request.oid
      .slice(table.oid.length + 1)
      .split('.')
      .map(Number);
    const isCommand =
      request.operation === snmp.PduType.SetRequest && column === table.columns.indexOf('state') + 1;
    // A SET comes twice, first to be tried out.
    if (isCommand && request.testSet !== true) {
      const outlet = outlets.find((candidate) => candidate.machine.outlet === row);
      console.log(`${new Date().toISOString()} outlet ${row ?? '?'} command ${String(request.setValue)}`);
      await outlet?.command(request.setValue);
    }
    if (!isCommand) refresh();
  };

  for (const table of tables) {
    mib.registerProvider({
      name: table.name,
      type: snmp.MibProviderType.Table,
      oid: table.oid,
      maxAccess: snmp.MaxAccess['not-accessible'],
      tableColumns: table.columns.map((kind, index) => describeColumn(table, kind, index + 1)),
      tableIndex: [{ columnName: `${table.name}-index` }],
      handler: (request) => {
        void handle(table, request)
          .catch((error: unknown) => console.error(error))
          .finally(() => request.done());
      },
    });
    for (const { machine } of outlets) {
      const cells = { index: machine.outlet, pending: 2, phase: 1, name: machine.name, state: 1 };
      mib.addTableRow(
        table.name,
        table.columns.map((kind) => cells[kind]),
      );
    }
  }
  refresh();
}

function describeColumn(
  table: OutletTable,
  kind: OutletTable['columns'][number],
  number: number,
): TableColumn {
  const isWritable = table.isWritable && kind === 'state';
  return {
    number,
    name: `${table.name}-${kind}`,
    type: kind === 'name' ? snmp.ObjectType.OctetString : snmp.ObjectType.Integer,
    maxAccess: snmp.MaxAccess[isWritable ? 'read-write' : 'read-only'],
  };
}

function admit(
  settings: LabSettings,
  authorizer: ReturnType<ReturnType<typeof snmp.createAgent>['getAuthorizer']>,
): void {
  const credentials = readPduCredentials(settings);
  const access = authorizer.getAccessControlModel();
  authorizer.addCommunity(credentials.readCommunity);
  access.setCommunityAccess(credentials.readCommunity, snmp.AccessLevel.ReadOnly);
  authorizer.addCommunity(credentials.writeCommunity);
  access.setCommunityAccess(credentials.writeCommunity, snmp.AccessLevel.ReadWrite);
  authorizer.addUser({
    name: credentials.user,
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols.sha,
    authKey: credentials.authenticationKey,
    privProtocol: snmp.PrivProtocols.aes,
    privKey: credentials.privacyKey,
  });
  access.setUserAccess(credentials.user, snmp.AccessLevel.ReadWrite);
}

const settings = readSettings(process.env);
if (process.argv[2] !== settings.stateFolder) {
  throw new Error(
    `The environment names the lab ${basename(settings.stateFolder)}, the argument another one.`,
  );
}
serve(settings);
