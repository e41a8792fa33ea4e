/** What the gateway keeps of a native task, whichever provider: its kind of work, the last body, the failure text. */
import type { SimulatedTask, TaskState } from '../simulatedTask';
import { buildKlingWrapper } from './kling/klingTask';
import { buildMiniMaxWrapper } from './miniMaxRoutes';
import { readLook, type WrapperInput } from './nativeReply';
import { readNative } from './nativeTask';
import { buildRunwayCompatWrapper } from './runwayCompatRoutes';
import { buildRunwayWrapper } from './runwayRoutes';
import { buildVeoLegacyWrapper } from './veoLegacyRoutes';
import { buildVolcWrapper } from './volcRoutes';
import { buildXaiWrapper } from './xaiRoutes';

/** Throws for Midjourney, whose tasks have a table of their own. */
export function buildNativeWrapper(task: SimulatedTask, state: TaskState): WrapperInput {
	const look = readLook(task, undefined);
	switch (readNative(task).provider) {
		case 'kling':
			return buildKlingWrapper(task, state, look);
		case 'runway':
			return buildRunwayWrapper(task, state, look);
		case 'runwayCompat':
			return buildRunwayCompatWrapper(task, state, look);
		case 'xai':
			return buildXaiWrapper(task, state, look);
		case 'veoLegacy':
			return buildVeoLegacyWrapper(task, state, look);
		case 'volc':
			return buildVolcWrapper(task, state, look);
		case 'miniMax':
			return buildMiniMaxWrapper(task, state, look);
		case 'midjourney':
			throw new Error(`The task ${task.id} is one of Midjourney`);
	}
}
