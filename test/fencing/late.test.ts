import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TOO_LATE } from '../../agents/too-late.ts';
import { milliseconds, seconds } from '../../src/model/index.ts';
import { createAgentRunner, type HostedRunner } from '../../src/platform/agent-host/runner.ts';
import { createClock } from '../../src/platform/world.ts';
import { recordingLog } from '../unit/platform/fixtures/log.ts';
import { against } from './against.ts';
import { textOf } from './deeds.ts';
import { peers } from './peers/installed.ts';
import { startBoard, type Board } from './peers/management-board.ts';

/** As keelsond starts it. */
const hostProgram = join(import.meta.dirname, '../../src/daemon/agent-host.ts');

against(peers.board, () => {
  let board: Board;
  let runner: HostedRunner;
  beforeEach(async () => {
    board = await startBoard();
    runner = createAgentRunner({ hostProgram, node: 'san-a', log: recordingLog(), clock: createClock() });
  });
  afterEach(async () => {
    runner.close();
    await board.stop();
  });

  test('one that takes longer than its timeout: the error is its own, and says what to do; with more time it succeeds', async () => {
    const { parameters } = board;
    const call = { agent: 'fence-ipmi', parameters } as const;
    expect(textOf(await runner.perform({ ...call, verb: 'status', timeout: seconds(60) }))).toBe(
      'it says on',
    );
    await board.hold();
    const early = await runner.perform({ ...call, verb: 'off', timeout: milliseconds(4000) });
    expect(textOf(early)).toBe(
      `fence_not_confirmed: board ${parameters.address}:${parameters.port} still says on ${TOO_LATE}`,
    );
    const late = runner.perform({ ...call, verb: 'off', timeout: seconds(120) });
    await board.release();
    expect(textOf(await late)).toBe('it says off');
  });
});
