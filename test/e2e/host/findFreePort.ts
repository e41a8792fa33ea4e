import { createServer } from 'node:net';

/** @param port to be used if it is free; 0: whichever the system gives @throws when it is taken */
export async function findFreePort(port = 0): Promise<number> {
	const found = await tryPort(port);
	if (found === 0) throw new Error(`Port ${port} is taken by another program`);
	return found;
}

/** Begins anywhere between the two, so that programs that look at the same time find different ones. */
export async function findFreePortBetween(first: number, last: number): Promise<number> {
	const count = last - first + 1;
	const start = Math.floor(Math.random() * count);
	for (let tried = 0; tried < count; tried++) {
		const found = await tryPort(first + ((start + tried) % count));
		if (found !== 0) return found;
	}
	throw new Error(`The ports from ${first} to ${last} are taken by other programs`);
}

async function tryPort(port: number): Promise<number> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(0));
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
		});
	});
}
