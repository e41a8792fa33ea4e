/** Which worlds the running simulator is in. */
import type { RecordedRequest } from '../recordedRequest';
import type { SimulatedTask } from '../simulatedTask';
import type { CatalogueForm } from './catalogueForms';
import type { DoubtfulWorld } from './doubtfulWorld';

export class Worlds {
	choose?: (create: RecordedRequest) => DoubtfulWorld | undefined;

	catalogueForm?: CatalogueForm;

	private readonly counts = new WeakMap<SimulatedTask, Map<string, number>>();

	private readonly made = new WeakMap<RecordedRequest, SimulatedTask>();

	/** Notes which task a create has made. */
	remember(create: RecordedRequest, task: SimulatedTask): void {
		this.made.set(create, task);
	}

	taskOf(create: RecordedRequest): SimulatedTask | undefined {
		return this.made.get(create);
	}

	worldOf(create: RecordedRequest): DoubtfulWorld | undefined {
		return this.choose?.(create);
	}

	/** How many requests of a kind there have been about a task, with this one. */
	count(task: SimulatedTask, kind: string): number {
		const counts = this.counts.get(task) ?? new Map<string, number>();
		this.counts.set(task, counts);
		const count = (counts.get(kind) ?? 0) + 1;
		counts.set(kind, count);
		return count;
	}
}
