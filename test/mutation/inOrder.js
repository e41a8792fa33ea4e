/** Runs test files in the order in which `command.mjs` names them; a mutant ends with the first that fails. */
const Sequencer = require('@jest/test-sequencer').default;

const names = (process.env.MUTATION_TESTS ?? '').split(',');

module.exports = class InOrder extends Sequencer {
	sort(tests) {
		const placeOf = ({ path }) => names.findIndex((name) => path.includes(`/test/${name}`));
		return [...tests].sort((one, other) => placeOf(one) - placeOf(other));
	}
};
