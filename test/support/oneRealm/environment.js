/**
 * A test environment without a realm of its own. jest's gives each test file its own copies of `Object`, `Error` and all other globals,
 * behind interceptors that make every access slow, and n8n's packages have to be loaded anew for each of them; together that was a
 * third of the time of all tests. What is the price: test files of one process share their globals, so each is tidied up after.
 */
const { ModuleMocker } = require('jest-mock');

module.exports = class OneRealmEnvironment {
	global = globalThis;

	/** Nobody uses them; the nodes have a clock of their own (virtualClock.ts). */
	fakeTimers = null;

	fakeTimersModern = null;

	moduleMocker = new ModuleMocker(globalThis);

	#globals = Object.getOwnPropertyDescriptors(globalThis);

	#environmentVariables = { ...process.env };

	/** jest wraps it once for each file. */
	#exit = process.exit;

	async setup() {}

	async teardown() {
		this.moduleMocker.restoreAllMocks();
		process.exit = this.#exit;
		for (const name of Object.keys(process.env)) if (!(name in this.#environmentVariables)) delete process.env[name];
		Object.assign(process.env, this.#environmentVariables);
		for (const key of Reflect.ownKeys(globalThis)) {
			if (!Object.hasOwn(this.#globals, key)) Reflect.deleteProperty(globalThis, key);
		}
		Object.defineProperty(globalThis, 'console', this.#globals.console);
	}

	exportConditions() {
		return ['node', 'node-addons'];
	}

	getVmContext() {
		return globalThis;
	}
};
