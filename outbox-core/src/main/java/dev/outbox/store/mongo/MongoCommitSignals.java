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

package dev.outbox.store.mongo;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoChangeStreamCursor;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.changestream.ChangeStreamDocument;
import dev.outbox.store.CommitSignals;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Learns of commits by a change stream on what is inserted. The server tells everybody of
 * every commit, so that there is nothing to send. The stream is a hint only: when it
 * cannot be resumed another one is opened, from now on, and the relay looks for itself
 * what it has missed.
 */
final class MongoCommitSignals implements CommitSignals {

	private static final Logger logger = LoggerFactory.getLogger(MongoCommitSignals.class);

	private static final List<BsonDocument> INSERTS = List.of(
			new BsonDocument("$match", new BsonDocument("operationType", new BsonString("insert"))),
			new BsonDocument("$project", new BsonDocument("operationType", new BsonInt32(1))));

	/**
	 * How long the server lets an idle stream wait for something to tell.
	 */
	private static final long PATIENCE_MILLIS = 5_000;

	/**
	 * What is told in this time wakes once.
	 */
	private static final long COALESCE = TimeUnit.MILLISECONDS.toNanos(5);

	private static final long MIN_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long MAX_PAUSE = TimeUnit.SECONDS.toNanos(10);

	private static final int UNAUTHORIZED = 13;

	private final MongoCollection<BsonDocument> events;

	private volatile boolean closed;

	private volatile boolean listening;

	private @Nullable Thread listener;

	/**
	 * Cause of the last failure, of the listener only.
	 */
	private @Nullable String warnedOf;

	/**
	 * What the driver tells of a change has more types than documents have.
	 */
	MongoCommitSignals(MongoWork work) {
		this.events = work.collection(CollectionNames.EVENT)
			.withCodecRegistry(MongoClientSettings.getDefaultCodecRegistry());
	}

	@Override
	public synchronized void listen(Runnable onSignal) {
		if (this.listener == null && !this.closed) {
			Thread thread = new Thread(() -> hear(onSignal), "outbox-listen");
			thread.setDaemon(true);
			this.listener = thread;
			thread.start();
		}
	}

	@Override
	public boolean isListening() {
		return this.listening;
	}

	/**
	 * The insert itself is the signal.
	 */
	@Override
	public void signal() {
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.listener != null) {
			this.listener.interrupt();
		}
	}

	private void hear(Runnable onSignal) {
		long pause = MIN_PAUSE;
		while (!this.closed) {
			long started = System.nanoTime();
			RuntimeException failure = null;
			try {
				hearOneStream(onSignal);
			}
			catch (RuntimeException ex) {
				failure = ex;
			}
			catch (Error ex) {
				this.listening = false;
				logger.error(
						"The change stream of {} has ended, and this process opens no other one. The relays poll"
								+ " from now on. Restart the process when what has failed is mended",
						this.events.getNamespace().getCollectionName(), ex);
				return;
			}
			if (this.listening && System.nanoTime() - started > MAX_PAUSE) {
				pause = MIN_PAUSE;
				this.warnedOf = null;
			}
			this.listening = false;
			recover(failure, pause);
			pause = Math.min(MAX_PAUSE, pause * 2);
		}
	}

	private void hearOneStream(Runnable onSignal) {
		try (MongoChangeStreamCursor<ChangeStreamDocument<BsonDocument>> stream = this.events.watch(INSERTS)
			.maxAwaitTime(patience(), TimeUnit.MILLISECONDS)
			.cursor()) {
			this.listening = true;
			// What was committed before the stream was there has not been told.
			onSignal.run();
			while (!this.closed) {
				if (stream.tryNext() != null) {
					while (stream.available() > 0) {
						stream.next();
					}
					onSignal.run();
					pause(COALESCE);
				}
				else if (stream.getServerCursor() == null) {
					// The collection was dropped or renamed: the driver tells nothing any
					// more, and waits for nothing.
					return;
				}
			}
		}
	}

	/**
	 * The driver refuses to wait as long as the application lets its operations last.
	 */
	private long patience() {
		Long limit = this.events.getTimeout(TimeUnit.MILLISECONDS);
		return (limit != null && limit > 0) ? Math.min(PATIENCE_MILLIS, limit / 2) : PATIENCE_MILLIS;
	}

	/**
	 * Warns once of each cause: what only an operator can mend fails every few seconds.
	 */
	private void recover(@Nullable RuntimeException failure, long pause) {
		if (this.closed) {
			return;
		}
		String cause = cause(failure);
		logger.atLevel(cause.equals(this.warnedOf) ? Level.DEBUG : Level.WARN)
			.log("The change stream of {} has ended ({}). Another one is opened in {} ms; the relays poll meanwhile.{}",
					this.events.getNamespace().getCollectionName(),
					(failure != null) ? failure.getMessage() : "the collection was dropped or renamed",
					TimeUnit.NANOSECONDS.toMillis(pause), advice(failure));
		this.warnedOf = cause;
		pause(pause);
	}

	/**
	 * Messages have times and numbers in them.
	 */
	private static String cause(@Nullable RuntimeException failure) {
		if (failure == null) {
			return "";
		}
		return failure.getClass().getName() + ((failure instanceof MongoException ex) ? ex.getCode() : "");
	}

	private static String advice(@Nullable RuntimeException failure) {
		return (failure instanceof MongoException ex && ex.getCode() == UNAUTHORIZED)
				? " Grant the outbox's user the actions find and changeStream on this collection, as the role"
						+ " readWrite does, or set outbox.relay.datasource.listen=false to find the events of other"
						+ " instances by polling only"
				: "";
	}

	private void pause(long nanos) {
		long end = System.nanoTime() + nanos;
		for (long left = nanos; left > 0 && !this.closed; left = end - System.nanoTime()) {
			LockSupport.parkNanos(this, left);
		}
	}

}
