/** Ends a process that was started `detached`, and all that it has started, at once. Nothing happens when it is gone. */
export function killProcessGroup(pid: number): void {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch (error) {
		if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
	}
}
