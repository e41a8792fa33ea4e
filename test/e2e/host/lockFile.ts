/** A file that says which process holds a folder. The file of a process that is gone counts for nothing. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isProcessAlive } from './isProcessAlive';

export class LockFile {
	constructor(readonly path: string) {}

	/** Returns 0 when this process got the lock, otherwise the id of the living process that holds it. */
	take(): number {
		mkdirSync(dirname(this.path), { recursive: true });
		const draft = `${this.path}.${process.pid}`;
		writeFileSync(draft, String(process.pid));
		try {
			// A link appears with its content, so nobody ever reads a lock without its process id.
			linkSync(draft, this.path);
			return 0;
		} catch {
			const holder = this.readHolder();
			if (holder !== 0) return holder;
			this.release();
			return this.take();
		} finally {
			rmSync(draft, { force: true });
		}
	}

	/** The lock stays when this process ends, for as long as the other one lives. */
	handTo(pid: number): void {
		writeFileSync(this.path, String(pid));
	}

	release(): void {
		rmSync(this.path, { force: true });
	}

	/** The living process that holds it; 0 when nobody does. */
	readHolder(): number {
		try {
			const pid = Number(readFileSync(this.path, 'utf8'));
			return Number.isInteger(pid) && pid > 0 && isProcessAlive(pid) ? pid : 0;
		} catch {
			return 0;
		}
	}
}
