/** The samples of a track (frames, packets of sound) in decoding order, in typed arrays that grow. */
import { ClipProblem } from './boxes';

/** Of all tracks of a clip together: hours of video and sound. A few bytes of a broken file can claim billions. */
export const MAX_SAMPLES = 2_000_000;

/** What a clip may still have; shared by its tracks. */
export interface SampleBudget {
	left: number;
}

export function tooManySamples(): ClipProblem {
	return new ClipProblem('has more frames than a clip can have', 'Join shorter clips.');
}

const FIRST_CAPACITY = 256;

type NumberArray = Uint32Array | Int32Array | Uint8Array | Float64Array;

function grown<Values extends NumberArray>(values: Values, needed: number): Values {
	if (needed <= values.length) return values;
	const larger = new (values.constructor as new (length: number) => Values)(Math.max(needed, values.length * 2));
	larger.set(values);
	return larger;
}

/** Only the first `count` (`chunkCount`) elements of the arrays count. */
export class SampleList {
	count = 0;

	/** Bytes. */
	sizes = new Uint32Array(FIRST_CAPACITY);

	/** Ticks of the track. */
	durations = new Uint32Array(FIRST_CAPACITY);

	/** Ticks from decoding to showing. */
	compositionOffsets = new Int32Array(FIRST_CAPACITY);

	/** 1 for samples that can be decoded without others. */
	sync = new Uint8Array(FIRST_CAPACITY);

	chunkCount = 0;

	/** Where in the file samples lie that follow each other without a gap. */
	chunkPositions = new Float64Array(FIRST_CAPACITY);

	/** Samples of each chunk. */
	chunkSamples = new Uint32Array(FIRST_CAPACITY);

	constructor(private readonly budget: SampleBudget) {}

	add(size: number, duration: number, compositionOffset: number, isSync: boolean): void {
		const index = this.count;
		if (this.budget.left === 0) throw tooManySamples();
		this.budget.left -= 1;
		if (index === this.sizes.length) this.reserve(index + 1);
		this.sizes[index] = size;
		this.durations[index] = duration;
		this.compositionOffsets[index] = compositionOffset;
		this.sync[index] = isSync ? 1 : 0;
		this.count += 1;
	}

	addChunk(position: number, samples: number): void {
		const index = this.chunkCount;
		this.chunkPositions = grown(this.chunkPositions, index + 1);
		this.chunkSamples = grown(this.chunkSamples, index + 1);
		this.chunkPositions[index] = position;
		this.chunkSamples[index] = samples;
		this.chunkCount += 1;
	}

	/** Forgets all but the first `count` samples. */
	cut(count: number): void {
		for (let left = this.count - count; left > 0;) {
			const inChunk = this.chunkSamples[this.chunkCount - 1] ?? 0;
			const forgotten = Math.min(left, inChunk);
			this.chunkSamples[this.chunkCount - 1] = inChunk - forgotten;
			left -= forgotten;
			if (forgotten === inChunk) this.chunkCount -= 1;
			if (this.chunkCount === 0) break;
		}
		this.count = count;
	}

	totalDuration(): number {
		let total = 0;
		for (let index = 0; index < this.count; index++) total += this.durations[index] ?? 0;
		return total;
	}

	private reserve(needed: number): void {
		this.sizes = grown(this.sizes, needed);
		this.durations = grown(this.durations, needed);
		this.compositionOffsets = grown(this.compositionOffsets, needed);
		this.sync = grown(this.sync, needed);
	}
}

/** Calls `visit` with the place and the length in bytes of each chunk that is not empty. */
export function forEachChunk(
	samples: SampleList,
	visit: (position: number, bytes: number, samples: number) => void,
): void {
	let sample = 0;
	for (let chunk = 0; chunk < samples.chunkCount; chunk++) {
		const count = samples.chunkSamples[chunk] ?? 0;
		let bytes = 0;
		for (let index = 0; index < count; index++) bytes += samples.sizes[sample++] ?? 0;
		if (count > 0) visit(samples.chunkPositions[chunk] ?? 0, bytes, count);
	}
}
