/** The client's ends of the connections of this process, so that a test can let one die as the network would. */
import { Socket } from 'node:net';

const sockets = new Map<number, Socket>();
let isWatching = false;

/** From now on sockets are known by their local port. */
export function watchClientSockets(): void {
	if (isWatching) return;
	isWatching = true;
	const { connect } = Socket.prototype;
	Socket.prototype.connect = function (this: Socket, ...target: unknown[]) {
		this.once('connect', () => {
			const { localPort } = this;
			if (localPort === undefined) return;
			sockets.set(localPort, this);
			this.once('close', () => sockets.delete(localPort));
		});
		return Reflect.apply(connect, this, target as Parameters<typeof connect>);
	};
}

/** @throws when no socket has this local port */
export function failClientSocket(port: number, error: Error): void {
	const socket = sockets.get(port);
	if (!socket) throw new Error(`No client has the port ${port}: watchClientSockets comes first`);
	socket.destroy(error);
}
