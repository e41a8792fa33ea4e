/** The real clock's sleep, while the computer's clock is set. */
import { clock } from '../../nodes/CometApiVideo/task/clock';

test.each([-86_400_000, 86_400_000])(
	'a sleep takes its time when the clock is set by %d ms meanwhile',
	async (jump) => {
		const { now } = Date;
		let reading = 0;
		const startedAt = performance.now();
		jest.spyOn(Date, 'now').mockImplementation(() => now() + (reading++ > 0 ? jump : 0));
		await clock.sleep(200);
		const took = performance.now() - startedAt;
		expect(took).toBeGreaterThan(150);
		expect(took).toBeLessThan(3000);
	},
);

test('a sleep ends soon after its signal', async () => {
	const startedAt = performance.now();
	await clock.sleep(60_000, AbortSignal.timeout(50));
	expect(performance.now() - startedAt).toBeLessThan(3000);
});
