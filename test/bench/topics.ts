/** The parts of the benchmark by name. Each is measured in a process of its own and loaded only there. */
import type { Figure } from './figure';

export type Topic = () => Promise<Figure[]>;

export const TOPICS: Readonly<Record<string, Topic>> = {
	batch: async () => await (await import('./batch.js')).measureBatch(),
	comparison: async () => await (await import('./comparison.js')).measureComparison(),
	delay: async () => await (await import('./delay.js')).measureDelay(),
	sleep: async () => await (await import('./sleep.js')).measureSleep(),
	text: async () => await (await import('./text.js')).measureText(),
	stop: async () => await (await import('./stop.js')).measureStop(),
	download: async () => await (await import('./download.js')).measureDownload(),
	uploads: async () => await (await import('./uploads.js')).measureUploads(),
	drips: async () => await (await import('./drips.js')).measureDrips(),
	join: async () => await (await import('./join.js')).measureJoin(),
	waiting: async () => await (await import('./waiting.js')).measureWaiting(),
	package: async () => await (await import('./package.js')).measurePackage(),
	trigger: async () => await (await import('./trigger.js')).measureTrigger(),
	faults: async () => await (await import('./faults.js')).measureFaults(),
	waitHeap: async () => await (await import('./heap.js')).measureWaitHeap(),
	triggerHeap: async () => await (await import('./heap.js')).measureTriggerHeap(),
};
