/** The bytes of pictures, videos and sounds that the items of a run share, held once and no longer than they are needed. */
import type { CreateRequest } from '../../task/types';

/** What is kept from the check of an item until its create; beyond it, files are read again then. */
const MAX_KEPT_BYTES = 128e6;

interface Entry {
	/** Media of requests that are still to be sent. */
	users: number;
	blob?: Promise<Blob>;
	/** 0 until the file has been read. */
	size: number;
}

export class MediaCache {
	private readonly entries = new Map<string, Entry>();

	private keptBytes = 0;

	/** Says that a request will need these bytes. @param identity of the medium */
	announce(identity: string): void {
		const entry = this.entries.get(identity);
		if (entry) entry.users += 1;
		else this.entries.set(identity, { users: 1, size: 0 });
	}

	/** The bytes, read by `load` unless they are at hand or on their way. */
	async read(identity: string, load: () => Promise<Blob>): Promise<Blob> {
		const entry = this.entries.get(identity);
		if (!entry) return await load();
		const known = entry.blob;
		if (known) return await known;
		const loading = load();
		entry.blob = loading;
		// What failed, or is too much to be kept, is read again by the next one who needs it.
		const keep = (blob?: Blob) => (entry.blob = blob && this.mayKeep(entry, blob) ? loading : undefined);
		loading.then(keep, () => keep());
		return await loading;
	}

	/** Says that a request has been sent, so that its media need not be kept for it. */
	release({ media, before }: CreateRequest): void {
		for (const { value } of media) this.leave(value.identity);
		if (before) this.release(before.request);
	}

	private mayKeep(entry: Entry, blob: Blob): boolean {
		if (entry.users <= 0 || this.keptBytes + blob.size > MAX_KEPT_BYTES) return false;
		entry.size = blob.size;
		this.keptBytes += blob.size;
		return true;
	}

	private leave(identity: string): void {
		const entry = this.entries.get(identity);
		if (!entry) return;
		entry.users -= 1;
		if (entry.users > 0) return;
		this.keptBytes -= entry.size;
		this.entries.delete(identity);
	}
}
