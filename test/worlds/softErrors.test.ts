/** A connection that dies after CometAPI has accepted the create, with errors that on other calls mean "not sent". */
import { failClientSocket, watchClientSockets } from '../support/clientSockets';
import { errorText } from '../support/errorText';
import { VideoNodeTest } from '../support/videoNode';

let node: VideoNodeTest;

beforeEach(async () => {
	watchClientSockets();
	node = await VideoNodeTest.start({ failClient: failClientSocket });
});

afterEach(async () => {
	await node.close();
});

test.each([
	['EHOSTUNREACH', 'read'],
	['ENETUNREACH', 'read'],
	['ETIMEDOUT', 'read'],
	['ENETDOWN', 'read'],
	['ECONNRESET', 'read'],
	['EPIPE', 'write'],
] as const)('%s of %s: one create, and its outcome is called unknown', async (code, syscall) => {
	node.simulator.addFault({ on: 'create', kind: 'softErrorAfterAccept', code, syscall });
	const { error } = await node.run({ provider: 'seedance', prompt: 'A lighthouse' }, { retryOnFail: true });
	expect(node.creates()).toHaveLength(1);
	expect(node.simulator.tasks.size).toBe(1);
	expect(errorText(error)).toMatch(/not known whether CometAPI created the video/);
	// The fault itself has struck, and no other.
	expect(errorText(error)).toMatch(code === 'ETIMEDOUT' ? /did not answer in time/ : code);
});
