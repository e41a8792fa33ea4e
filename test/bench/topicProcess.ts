/** Measures one topic and sends its figures to the parent process. Needs `--expose-gc`. */
import { TOPICS } from './topics';

async function run(): Promise<void> {
	const [name] = process.argv.slice(2);
	const figures = await TOPICS[name]();
	// The engine keeps sockets and timers, so the process does not end by itself.
	process.send?.(figures, () => process.exit(0));
}

run().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
