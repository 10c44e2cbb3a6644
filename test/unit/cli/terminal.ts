import { spawn } from 'node:child_process';
import { watchScreen, type Screen } from '../../../appliance/lab/screen.ts';

/** A program in a real pseudo-terminal, which util-linux's script(1) opens for it. Words must hold no blanks or quotes. */
export function openTerminal(words: readonly string[], patience = 40_000): Screen {
  const options = ['--quiet', '--return', '--flush', '--command', words.join(' '), '/dev/null'];
  const child = spawn('script', options, {
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return watchScreen(child, patience);
}
