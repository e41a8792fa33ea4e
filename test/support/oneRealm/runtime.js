/**
 * jest's module loader for `environment.js`: the files of this repository are loaded anew for each test file, as ever; packages are Node's
 * own, loaded once for each process. None of them keeps a state that tests could see, but for n8n's container of services, which
 * an engine sets up when it starts.
 */
const { createRequire, isBuiltin } = require('node:module');
const { compileFunction } = require('node:vm');
// The one that jest itself would take.
const { default: JestRuntime } = createRequire(require.resolve('jest'))('jest-runtime');

/** By file name. To load a module anew is to run it anew; what V8 knows of its code stays. */
const compiled = new Map();

module.exports = class OneRealmRuntime extends JestRuntime {
	constructor(...settings) {
		super(...settings);
		const { executor } = this;
		executor.compile = (source, filename) => {
			const known = compiled.get(filename);
			if (known?.source === source) return known.module;
			const module = compileFunction(source, executor.injectedModuleParameters, { filename });
			compiled.set(filename, { source, module });
			return module;
		};
	}

	requireInternalModule(from, name) {
		return name === 'node:async_hooks' ? { AsyncLocalStorage: OneAtATime } : super.requireInternalModule(from, name);
	}

	requireModuleOrMock(from, name) {
		return isPackage(name) ? createRequire(from)(name) : super.requireModuleOrMock(from, name);
	}

	requireActual(from, name) {
		return isPackage(name) ? createRequire(from)(name) : super.requireActual(from, name);
	}
};

/**
 * What jest asks for the test that runs. Node's own follows each promise of the process for that, which is some 15 % of the time of a test
 * on Node 20. Here one test runs at a time: there is no `test.concurrent`.
 */
class OneAtATime {
	#store;

	getStore() {
		return this.#store;
	}

	async run(store, callback) {
		const before = this.#store;
		this.#store = store;
		try {
			return await callback();
		} finally {
			this.#store = before;
		}
	}
}

/** jest's own parts have to know the test file that runs. */
function isPackage(name) {
	return !/^[./]/.test(name) && !isBuiltin(name) && !/^(@jest\/|jest|expect$)/.test(name);
}
