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

import java.time.Duration;
import java.util.List;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.AuditStore;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of an outbox on MongoDB but what the application writes to it, through a client
 * that may be the application's own, or one with other connections. Never closes it.
 */
public final class MongoStore {

	private static final Logger logger = LoggerFactory.getLogger(MongoStore.class);

	/**
	 * The server's default.
	 */
	private static final long TRANSACTION_SECONDS = 60;

	private static final String LIFETIME = "transactionLifetimeLimitSeconds";

	private final MongoWork work;

	/**
	 * Creates the access to an outbox.
	 * @param client the client
	 * @param database name of the database
	 * @param names names of the collections
	 */
	public MongoStore(MongoClient client, String database, CollectionNames names) {
		this.work = new MongoWork(client, database, names);
	}

	/**
	 * Returns the relay's view of the outbox.
	 * @param archive whether delivered events are archived
	 * @param transactionLifetime how long the server lets a transaction live;
	 * {@code null} to ask it
	 * @return the store
	 */
	public RelayStore relayStore(boolean archive, @Nullable Duration transactionLifetime) {
		return new MongoRelayStore(this.work, longest(transactionLifetime), archive);
	}

	/**
	 * Adds how long it may take the server to notice that a transaction is too old.
	 */
	private Duration longest(@Nullable Duration lifetime) {
		long seconds = Math.max(1, (lifetime != null) ? lifetime.plusMillis(999).toSeconds() : askForLifetime());
		return Duration.ofSeconds(seconds + seconds / 2 + 1);
	}

	/**
	 * Not every user may ask, and a mongos does not know.
	 */
	private long askForLifetime() {
		try {
			BsonDocument parameter = this.work
				.runOnAdmin(new BsonDocument("getParameter", new BsonInt32(1)).append(LIFETIME, new BsonInt32(1)));
			return BsonValues.number(parameter, LIFETIME);
		}
		catch (MongoException ex) {
			logger.info("MongoDB does not say how long a transaction can live ({}): its default of {} s is assumed. If"
					+ " {} was raised on the server, set outbox.mongodb.transaction-lifetime to it: else an event that"
					+ " a longer transaction commits can be late, and out of order", ex.getMessage(),
					TRANSACTION_SECONDS, LIFETIME);
			return TRANSACTION_SECONDS;
		}
	}

	/**
	 * Returns the leases.
	 * @param partitions how many partitions there are
	 * @return the store
	 */
	public LeaseStore leaseStore(int partitions) {
		return new MongoLeaseStore(this.work, partitions);
	}

	/**
	 * Returns the dead letters.
	 * @return the store
	 */
	public DeadLetterStore deadLetterStore() {
		return new MongoDeadLetterStore(this.work);
	}

	/**
	 * Returns the archive.
	 * @return the store
	 */
	public ArchiveStore archiveStore() {
		return new MongoArchiveStore(this.work);
	}

	/**
	 * Returns what operators hold back.
	 * @return the store
	 */
	public HoldStore holdStore() {
		return new MongoHoldStore(this.work);
	}

	/**
	 * Returns what the instances have measured.
	 * @return the store
	 */
	public SharedBacklogStore sharedBacklogStore() {
		return new MongoSharedBacklogStore(this.work);
	}

	/**
	 * Returns what operators have changed.
	 * @return the store
	 */
	public AuditStore auditStore() {
		return new MongoAuditStore(this.work);
	}

	/**
	 * Returns what operators see of all instances.
	 * @return the store
	 */
	public ClusterStore clusterStore() {
		return new MongoClusterStore(this.work);
	}

	/**
	 * Returns dead letters that are to be forwarded.
	 * @return the store
	 */
	public ForwardStore forwardStore() {
		return new MongoForwardStore(this.work);
	}

	/**
	 * Returns what measures the backlog.
	 * @return the store
	 */
	public BacklogStore backlogStore() {
		return new MongoBacklogStore(this.work);
	}

	/**
	 * Returns what removes what is kept for a time only.
	 * @return the store
	 */
	public HousekeepingStore housekeepingStore() {
		return new MongoHousekeepingStore(this.work);
	}

	/**
	 * Returns what can be wrong with the database.
	 * @param settings from where on something is a finding
	 * @return the examinations, none of which has been made
	 */
	public List<Examination> examinations(ExaminationSettings settings) {
		return MongoExaminations.of(this.work, settings);
	}

	/**
	 * Returns what tells of commits by a change stream.
	 * @return the signals, which hold one connection while they listen
	 */
	public CommitSignals commitSignals() {
		return new MongoCommitSignals(this.work);
	}

}
