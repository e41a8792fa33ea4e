/** Opens and finds tasks of the native routes. Owns ids, files and money; leaves every body to the providers. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { readChargedPrice } from '../catalog';
import { readQuotaLeft, toQuota } from '../quota';
import { refusals } from '../refusal';
import type { Exchange } from '../route';
import type { Service } from '../service';
import { SimulatedTask } from '../simulatedTask';
import { readTraits } from '../videoRoutes';
import type { FileFormat, NativeDetails, NativeProvider } from './nativeDetails';

export interface NativeOrder extends Omit<NativeDetails, 'fileUrls' | 'imageUrls' | 'provider'> {
	model: string;
	prompt: string;
	/** Default: one video. */
	formats?: readonly FileFormat[];
	/** Of a task that makes pictures. */
	imageCount?: number;
}

export function openNativeTask(
	service: Service,
	{ apiKey, request, fault }: Exchange,
	provider: NativeProvider,
	{ model, prompt, formats = ['mp4'], imageCount = 1, ...details }: NativeOrder,
): SimulatedTask {
	const quota = toQuota(readChargedPrice(model) * details.durationSeconds);
	if (quota > readQuotaLeft(service, apiKey)) throw refusals.noCredit();
	const world = service.worlds.worldOf(request);
	const usualId = createTaskId(provider);
	const id = world?.id?.(usualId) ?? usualId;
	const fileUrls = Object.fromEntries(formats.map((format) => [format, createFileUrl(service, id, format)]));
	const [format] = formats;
	const isPicture = format === 'png' || format === 'jpg';
	const more = Array.from({ length: imageCount - 1 }, (_, index) =>
		createFileUrl(service, `${id}-${index + 2}`, format),
	);
	const imageUrls = isPicture ? [String(fileUrls[format]), ...more] : undefined;
	const task = new SimulatedTask(
		{
			id,
			ownerKey: apiKey,
			model,
			family: provider,
			prompt,
			seconds: String(details.durationSeconds),
			size: '',
			createdAtMs: service.now(),
			resultUrl: fileUrls[formats[0]],
			quota,
			request,
			traits: { ...readTraits(fault), ...world?.traits },
			native: { ...details, provider, fileUrls, imageUrls },
			world,
		},
		{ speed: service.speed, taskSeconds: world?.lifeSeconds ?? service.taskSeconds },
	);
	service.tasks.set(id, task);
	service.worlds.remember(request, task);
	return task;
}

/** A task of another key, provider or kind does not exist for the caller. */
export function findNativeTask(
	service: Service,
	{ apiKey }: Exchange,
	provider: NativeProvider,
	id: unknown,
): SimulatedTask | undefined {
	const task = typeof id === 'string' ? service.tasks.get(id) : undefined;
	return task?.details.ownerKey === apiKey && task.details.native?.provider === provider ? task : undefined;
}

export function readNative(task: SimulatedTask): NativeDetails {
	if (!task.details.native) throw new Error(`The task ${task.id} belongs to /v1/videos`);
	return task.details.native;
}

/** Signed, as delivery networks do it. */
export function createFileUrl(service: Service, id: string, format: FileFormat): string {
	return `${service.resultOrigin}/results/${encodeURIComponent(id)}.${format}?signature=${randomBytes(16).toString('hex')}`;
}

/**
 * Random digits, beyond the integers that JavaScript can hold and not ending in 0: an id that became a number on its
 * way shows up.
 */
export function createDigits(length: number): string {
	const middle = Array.from({ length: length - 2 }, () => randomInt(10)).join('');
	return `${randomInt(1, 10)}${middle}${randomInt(1, 10)}`;
}

function createTaskId(provider: NativeProvider): string {
	switch (provider) {
		case 'kling':
			return createDigits(randomInt(18, 20));
		case 'volc':
			// Form of the example on https://apidoc.cometapi.com/api/video/bytedance/bytedance-video.
			return `0217${createDigits(15)}${randomBytes(16).toString('hex')}`;
		case 'miniMax':
			return createDigits(18);
		case 'midjourney':
			return createDigits(16);
		case 'veoLegacy':
			return `task_${randomBytes(16).toString('hex')}`;
		case 'runway':
		case 'runwayCompat':
		case 'xai':
			return randomUUID();
	}
}
