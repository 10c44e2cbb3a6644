/** Calls `act` once, `delay` milliseconds after the first of several calls; `cancel` forgets a call that is due. */
export function debounce(delay: number, act: () => void): { call: () => void; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    call: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        act();
      }, delay);
    },
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
