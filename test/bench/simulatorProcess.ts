/** A simulator in a process of its own, so that its work is not counted as the node's. Ends with its parent. */
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import type { Fault } from '../simulator/simulator';
import { Simulator } from '../simulator/simulator';

export interface SimulatorOrder {
	taskSeconds: number;
	faults?: Fault[];
}

export interface DistantSimulator {
	baseUrl: string;
	child: ChildProcess;
}

export async function startDistantSimulator(order: SimulatorOrder): Promise<DistantSimulator> {
	const child = fork(__filename, [JSON.stringify(order)], { execArgv: [] });
	const baseUrl = await new Promise<string>((resolve, reject) => {
		child.once('message', (message) => resolve(String(message)));
		child.once('exit', () => reject(new Error('The simulator did not start')));
	});
	return { baseUrl, child };
}

async function run(): Promise<void> {
	const { taskSeconds, faults = [] } = JSON.parse(process.argv[2]) as SimulatorOrder;
	const simulator = await Simulator.start({ taskSeconds });
	for (const fault of faults) simulator.addFault(fault);
	process.once('disconnect', () => process.exit(0));
	process.send?.(simulator.baseUrl);
}

if (require.main === module) void run();
