/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sends messages to the broker at once, without the outbox: no table, no database, no
 * transaction.
 * <p>
 * A message that is sent so is not part of any transaction. It is at the broker although
 * the transaction around the call rolls back, and it is gone when the process dies before
 * the broker has it: nobody sends it again. Whatever must follow a change in a database
 * is published by an {@link OutboxPublisher}.
 * <p>
 * All methods name, route, serialize and check what they are given as a publisher does,
 * and throw at once, before anything has been sent, when that is not possible. A message
 * that asks for what only the outbox can do ({@code deliverAt}, {@code deliverAfter},
 * {@code idempotencyKey}) and one that a filter of its route leaves out are refused too.
 * <p>
 * A call returns without waiting for the broker, unless too many messages are on their
 * way to that broker ({@code outbox.send.max-in-flight}): then it waits for room. Within
 * {@code outbox.publish-timeout} of the call each message has its outcome. Messages are
 * not sent again by the sender; the broker's client may do so within that time.
 * <p>
 * Order: the messages of one thread are handed to the broker's client in the order of its
 * calls, and those of {@link #sendAll} in the order given. Kafka keeps that order for all
 * messages of a key that it takes, RabbitMQ for those of an exchange. No message waits
 * for the outcome of the one before it: when one fails, later ones of its key may have
 * arrived, and sending it again puts it behind them. The outbox promises more.
 * <p>
 * Futures are completed on threads of the sender, never on those of a broker's client.
 * What is attached to them may send and may wait for that in a {@link CompletableFuture};
 * what blocks otherwise, or for long, belongs on an executor of the application
 * ({@code thenApplyAsync} and the like): while it holds all of these threads, no future
 * is completed, though the outcome is known. {@link #sendAndWait} does not need them.
 * Cancelling a future does not take the message back.
 * <p>
 * Implementations are thread-safe.
 */
public interface MessageSender {

	/**
	 * Sends one message.
	 * @param event the event or {@link OutboxMessage}
	 * @return completed when the broker has acknowledged the message, with its position
	 * if the broker says it; completed exceptionally with a {@link SendFailedException}
	 * if it has not, a {@link SendTimeoutException} if its time was over before
	 * @throws SenderClosedException if the sender has been stopped
	 * @throws OutboxException if the message is not valid, as for
	 * {@link OutboxPublisher#publish(Object)}; it has not been sent then
	 */
	CompletableFuture<SendResult> send(Object event);

	/**
	 * Sends several messages. They are not sent as a whole: each arrives, or does not, by
	 * itself.
	 * @param events events and {@link OutboxMessage}s, iterated once
	 * @return completed when the outcome of each message is known; never exceptionally,
	 * see {@link BatchResult#orThrow()}
	 * @throws SenderClosedException if the sender has been stopped
	 * @throws OutboxException if one of the messages is not valid; none of them has been
	 * sent then
	 */
	CompletableFuture<BatchResult> sendAll(Iterable<?> events);

	/**
	 * Sends one message and waits for the broker.
	 * @param event the event or {@link OutboxMessage}
	 * @return the acknowledgement
	 * @throws SendFailedException if the broker has not acknowledged the message
	 * @throws OutboxException as for {@link #send}
	 */
	default SendResult sendAndWait(Object event) {
		try {
			return send(event).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof OutboxException failure) {
				throw failure;
			}
			throw ex;
		}
	}

}
