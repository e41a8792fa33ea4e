/** What mediabunny, an independent reader and writer of MP4, finds in a file, and the clips joined by it. */
import { createHash } from 'node:crypto';

type Mediabunny = typeof import('mediabunny', { with: { 'resolution-mode': 'import' } });

export interface Packet {
	seconds: number;
	hash: string;
}

export interface ReadTrack {
	kind: 'video' | 'audio';
	packets: Packet[];
}

async function openFile(bytes: Buffer, { Input, BufferSource, ALL_FORMATS }: Mediabunny) {
	const input = new Input({ source: new BufferSource(new Uint8Array(bytes)), formats: ALL_FORMATS });
	return await input.getTracks();
}

export async function readPackets(bytes: Buffer): Promise<ReadTrack[]> {
	const mediabunny = await import('mediabunny');
	const tracks: ReadTrack[] = [];
	for (const track of await openFile(bytes, mediabunny)) {
		const packets: Packet[] = [];
		for await (const { timestamp, data } of new mediabunny.EncodedPacketSink(track).packets()) {
			packets.push({ seconds: timestamp, hash: createHash('md5').update(data).digest('hex') });
		}
		tracks.push({ kind: track.type as ReadTrack['kind'], packets });
	}
	return tracks;
}

/** The pictures of the clips, joined by mediabunny. */
export async function joinByMediabunny(clips: readonly Buffer[], startSeconds: readonly number[]): Promise<Buffer> {
	const mediabunny = await import('mediabunny');
	const { Output, Mp4OutputFormat, BufferTarget, EncodedVideoPacketSource, EncodedPacketSink } = mediabunny;
	const target = new BufferTarget();
	const output = new Output({ format: new Mp4OutputFormat(), target });
	let source: InstanceType<typeof EncodedVideoPacketSource> | undefined;
	for (const [index, clip] of clips.entries()) {
		const track = (await openFile(clip, mediabunny)).find((one) => one.isVideoTrack());
		if (!track?.isVideoTrack() || !track.codec) throw new Error('mediabunny does not read the clip');
		if (!source) {
			source = new EncodedVideoPacketSource(track.codec);
			output.addVideoTrack(source);
			await output.start();
		}
		const decoderConfig = (await track.getDecoderConfig()) ?? undefined;
		for await (const packet of new EncodedPacketSink(track).packets()) {
			const timestamp = packet.timestamp + (startSeconds[index] ?? 0);
			await source.add(packet.clone({ timestamp }), { decoderConfig });
		}
	}
	await output.finalize();
	return Buffer.from(target.buffer ?? new ArrayBuffer(0));
}
