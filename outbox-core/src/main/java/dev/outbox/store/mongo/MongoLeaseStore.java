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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.UpdateOptions;
import dev.outbox.Destination;
import dev.outbox.store.LeaseStore;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Leases on the server's clock. A partition changes hands in a transaction that has seen
 * who is there, which a majority of the members has when the method returns.
 */
final class MongoLeaseStore implements LeaseStore {

	static final String NAME = "name";

	static final String JOINED_AT = "joinedAt";

	static final String TRANSPORTS = "transports";

	private static final String RENEWED_AT = "renewedAt";

	private static final String TTL = "ttl";

	static final BsonDocument EXPIRES_AT = EventDocuments.call("$add", new BsonString('$' + RENEWED_AT),
			new BsonString('$' + TTL));

	private static final BsonDocument EXPIRED = new BsonDocument("$expr",
			EventDocuments.call("$lte", EXPIRES_AT, new BsonString("$$NOW")));

	static final BsonDocument VALID = new BsonDocument("$expr",
			EventDocuments.call("$gt", EXPIRES_AT, new BsonString("$$NOW")));

	/**
	 * Lets a removal of the instance conflict with what it takes.
	 */
	private static final BsonDocument TAKES = new BsonDocument("$inc", new BsonDocument("takes", new BsonInt64(1)));

	/**
	 * How long partitions are tried in vain that another transaction has written: leases
	 * are renewed by the same thread.
	 */
	private static final long LONGEST_TAKE = TimeUnit.SECONDS.toNanos(1);

	private static final long MIN_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

	private final LeaseTransactions transactions;

	private final MongoCollection<BsonDocument> instances;

	private final MongoCollection<BsonDocument> partitions;

	private final MongoCollection<BsonDocument> paused;

	private final MongoCollection<BsonDocument> blocked;

	private final int count;

	MongoLeaseStore(MongoWork work, int partitions) {
		this.transactions = new LeaseTransactions(work);
		this.instances = work.collection(CollectionNames.INSTANCE);
		this.partitions = work.collection(CollectionNames.PARTITION);
		this.paused = work.collection(CollectionNames.DESTINATION_STATE);
		this.blocked = work.collection(CollectionNames.BLOCKED_KEY);
		this.count = partitions;
	}

	@Override
	public void join(UUID instance, String name, Set<String> transports, Duration ttl) {
		transports.forEach(this::createPartitions);
		BsonArray names = new BsonArray(transports.stream().map(BsonString::new).toList());
		BsonDocument joined = lease(ttl);
		joined.getDocument("$currentDate").putAll(MongoWork.toNow(JOINED_AT));
		joined.getDocument("$set").append(NAME, new BsonString(name)).append(TRANSPORTS, names);
		this.instances.updateOne(id(instance), joined, new UpdateOptions().upsert(true));
	}

	private void createPartitions(String transport) {
		BsonDocument mine = MongoWork.is(EventDocuments.TRANSPORT, new BsonString(transport));
		if (this.partitions.countDocuments(mine) >= this.count) {
			return;
		}
		List<BsonDocument> all = new ArrayList<>();
		for (int part = 0; part < this.count; part++) {
			all.add(new BsonDocument(EventDocuments.ID, MongoClaims.id(transport, part))
				.append(EventDocuments.TRANSPORT, new BsonString(transport))
				.append(EventDocuments.PART, new BsonInt32(part))
				.append(MongoClaims.OWNER, BsonNull.VALUE)
				.append(MongoClaims.EPOCH, new BsonInt64(0)));
		}
		try {
			this.partitions.insertMany(all, new InsertManyOptions().ordered(false));
		}
		catch (MongoBulkWriteException ex) {
			if (!MongoWork.areDuplicatesOnly(ex)) {
				throw ex;
			}
		}
	}

	private static BsonDocument lease(Duration ttl) {
		return new BsonDocument("$currentDate", MongoWork.toNow(RENEWED_AT)).append("$set",
				new BsonDocument(TTL, new BsonInt64(ttl.toMillis())));
	}

	private static BsonDocument id(UUID instance) {
		return MongoWork.is(EventDocuments.ID, BsonValues.id(instance));
	}

	@Override
	public boolean renew(UUID instance, Duration ttl) {
		this.transactions.settle();
		BsonDocument mine = id(instance);
		mine.putAll(VALID);
		boolean renewed = this.instances.updateOne(mine, lease(ttl)).getMatchedCount() == 1;
		forgetExpired();
		return renewed;
	}

	/**
	 * Who has lost its lease cannot renew it when it is gone. One that is in the middle
	 * of something counts as alive until that has ended.
	 */
	private void forgetExpired() {
		for (BsonValue expired : ids(this.instances.find(EXPIRED))) {
			BsonDocument still = MongoWork.is(EventDocuments.ID, expired);
			still.putAll(EXPIRED);
			this.transactions.unlessInTheWay((session) -> this.instances.deleteOne(session, still));
		}
	}

	@Override
	public Leases observe(UUID instance) {
		Map<String, Integer> senders = new HashMap<>();
		this.instances.find(VALID)
			.forEach((other) -> other.getArray(TRANSPORTS)
				.forEach((name) -> senders.merge(name.asString().getValue(), 1, Integer::sum)));
		Map<String, Map<Integer, Long>> mine = new HashMap<>();
		this.partitions.find(MongoWork.is(MongoClaims.OWNER, BsonValues.id(instance)))
			.forEach((owned) -> mine
				.computeIfAbsent(text(owned, EventDocuments.TRANSPORT), (transport) -> new HashMap<>())
				.put(part(owned), BsonValues.number(owned, MongoClaims.EPOCH)));
		Set<Destination> destinations = new HashSet<>();
		this.paused.find()
			.forEach((held) -> destinations.add(MongoHoldStore.destination(held.getDocument(EventDocuments.ID))));
		Set<BlockedKey> keys = new HashSet<>();
		this.blocked.find()
			.map((held) -> held.getDocument(EventDocuments.ID))
			.forEach((id) -> keys.add(new BlockedKey(MongoHoldStore.destination(id), text(id, EventDocuments.KEY))));
		return new Leases(senders, mine, destinations, keys);
	}

	private static String text(BsonDocument document, String field) {
		return Objects.requireNonNull(BsonValues.text(document, field));
	}

	private static int part(BsonDocument partition) {
		return (int) BsonValues.number(partition, EventDocuments.PART);
	}

	/**
	 * Takes all at once, and one after the other where another transaction is in the way:
	 * that of an owner that has stopped in the middle of it is there until the server
	 * ends it, and keeps nobody from the other partitions.
	 */
	@Override
	public List<TakenPartition> take(UUID instance, String transport, int count) {
		forgetExpired();
		long end = System.nanoTime() + LONGEST_TAKE;
		long pause = MIN_PAUSE;
		int together = count;
		boolean again = false;
		List<TakenPartition> taken = new ArrayList<>();
		List<BsonValue> free = free(transport);
		while (!free.isEmpty() && taken.size() < count && end - System.nanoTime() > 0) {
			List<BsonValue> some = free.subList(0, Math.min(free.size(), Math.min(together, count - taken.size())));
			List<TakenPartition> got = this.transactions.unlessInTheWay((session) -> take(session, instance, some));
			if (got != null && taken.addAll(got)) {
				end = System.nanoTime() + LONGEST_TAKE;
			}
			if (got != null || together == 1) {
				again |= got == null;
				some.clear();
			}
			together = (got != null) ? together : 1;
			if (free.isEmpty() && again) {
				LockSupport.parkNanos(this, pause);
				pause *= 2;
				again = false;
				free = free(transport);
			}
		}
		return taken;
	}

	/**
	 * Returns what seems to be free, in any order, so that instances which start together
	 * are seldom in each other's way.
	 */
	private List<BsonValue> free(String transport) {
		BsonDocument filter = MongoWork.is(EventDocuments.TRANSPORT, new BsonString(transport));
		filter.putAll(MongoWork.is(MongoClaims.OWNER, "$nin", ids(this.instances.find())));
		List<BsonValue> free = new ArrayList<>(ids(MongoWork.fields(this.partitions.find(filter), EventDocuments.ID)));
		Collections.shuffle(free);
		return free;
	}

	private static BsonArray ids(FindIterable<BsonDocument> found) {
		BsonArray ids = new BsonArray();
		MongoWork.fields(found, EventDocuments.ID).forEach((document) -> ids.add(document.get(EventDocuments.ID)));
		return ids;
	}

	/**
	 * Who is there and who owns what is read in one snapshot, in which the lease of the
	 * instance itself is valid, and stays so: who removes it is in the way.
	 */
	private List<TakenPartition> take(ClientSession session, UUID instance, List<BsonValue> wanted) {
		BsonDocument mine = id(instance);
		mine.putAll(VALID);
		if (this.instances.updateOne(session, mine, TAKES).getMatchedCount() == 0) {
			return List.of();
		}
		BsonDocument free = MongoWork.in(EventDocuments.ID, wanted);
		free.putAll(MongoWork.is(MongoClaims.OWNER, "$nin", ids(this.instances.find(session))));
		List<TakenPartition> taken = new ArrayList<>();
		for (BsonDocument partition : MongoWork.all(this.partitions.find(session, free))) {
			this.partitions.updateOne(session, MongoWork.is(EventDocuments.ID, partition.getString(EventDocuments.ID)),
					new BsonDocument("$set", new BsonDocument(MongoClaims.OWNER, BsonValues.id(instance)))
						.append("$inc", new BsonDocument(MongoClaims.EPOCH, new BsonInt64(1))));
			taken.add(new TakenPartition(part(partition), BsonValues.number(partition, MongoClaims.EPOCH) + 1,
					!partition.isNull(MongoClaims.OWNER)));
		}
		return taken;
	}

	@Override
	public void release(UUID instance, String transport, Collection<Integer> parts) {
		List<BsonString> ids = parts.stream().map((part) -> MongoClaims.id(transport, part)).toList();
		BsonDocument mine = MongoWork.in(EventDocuments.ID, ids);
		mine.append(MongoClaims.OWNER, BsonValues.id(instance));
		giveBack(mine);
	}

	@Override
	public void leave(UUID instance) {
		giveBack(MongoWork.is(MongoClaims.OWNER, BsonValues.id(instance)));
		this.instances.deleteOne(id(instance));
		this.transactions.close();
	}

	private void giveBack(BsonDocument owned) {
		this.transactions.settle();
		this.partitions.updateMany(owned,
				new BsonDocument("$set", new BsonDocument(MongoClaims.OWNER, BsonNull.VALUE)));
	}

}
