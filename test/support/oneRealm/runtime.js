/**
 * jest's module loader for `environment.js`: the files of this repository are loaded anew for each test file, as ever; packages are Node's
 * own, loaded once for each process. None of them keeps a state that tests could see, but for n8n's container of services, which
 * an engine sets up when it starts.
 */
const { createRequire, isBuiltin } = require('node:module');
const { compileFunction } = require('node:vm');
// The one that jest itself would take.
const { default: JestRuntime } = createRequire(require.resolve('jest'))('jest-runtime');

module.exports = class OneRealmRuntime extends JestRuntime {
	constructor(...settings) {
		super(...settings);
		const { executor } = this;
		executor.compile = (source, filename) => compileFunction(source, executor.injectedModuleParameters, { filename });
	}

	requireModuleOrMock(from, name) {
		return isPackage(name) ? createRequire(from)(name) : super.requireModuleOrMock(from, name);
	}

	requireActual(from, name) {
		return isPackage(name) ? createRequire(from)(name) : super.requireActual(from, name);
	}
};

/** jest's own parts have to know the test file that runs. */
function isPackage(name) {
	return !/^[./]/.test(name) && !isBuiltin(name) && !/^(@jest\/|jest|expect$)/.test(name);
}
