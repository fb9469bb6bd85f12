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

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import dev.outbox.Destination;
import dev.outbox.store.AuditAction;
import dev.outbox.store.HoldStore;
import dev.outbox.store.Operator;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * What operators hold back. Of two who change the same at once one is in the other's way,
 * and looks again.
 */
final class MongoHoldStore implements HoldStore {

	static final String PAUSED_AT = "pausedAt";

	static final String PAUSED_BY = "pausedBy";

	private final MongoWork work;

	private final MongoCollection<BsonDocument> paused;

	private final BlockedKeys blocked;

	private final MongoAuditStore audit;

	MongoHoldStore(MongoWork work) {
		this.work = work;
		this.paused = work.collection(CollectionNames.DESTINATION_STATE);
		this.blocked = new BlockedKeys(work);
		this.audit = new MongoAuditStore(work);
	}

	/**
	 * Returns the destination that a document names.
	 */
	static Destination destination(BsonDocument document) {
		return new Destination(document.getString(EventDocuments.TRANSPORT).getValue(),
				document.getString(EventDocuments.DESTINATION).getValue());
	}

	/**
	 * Returns the id of an entry for a destination.
	 */
	private static BsonDocument id(Destination destination) {
		return new BsonDocument(EventDocuments.TRANSPORT, new BsonString(destination.transport()))
			.append(EventDocuments.DESTINATION, new BsonString(destination.name()));
	}

	@Override
	public boolean pause(Destination destination, Operator operator) {
		BsonDocument id = id(destination);
		BsonDocument held = MongoWork.is(EventDocuments.ID, id);
		return this.work.inTransaction((session) -> {
			if (this.paused.find(session, held).first() != null) {
				return false;
			}
			this.paused.updateOne(session, held,
					new BsonDocument("$currentDate", MongoWork.toNow(PAUSED_AT)).append("$set",
							new BsonDocument(PAUSED_BY, new BsonString(operator.name()))),
					new UpdateOptions().upsert(true));
			this.audit.write(session, operator, AuditAction.PAUSE, id);
			return true;
		});
	}

	@Override
	public boolean resume(Destination destination, Operator operator) {
		BsonDocument id = id(destination);
		return this.work.inTransaction((session) -> {
			boolean resumed = this.paused.deleteOne(session, MongoWork.is(EventDocuments.ID, id))
				.getDeletedCount() == 1;
			if (resumed) {
				this.audit.write(session, operator, AuditAction.RESUME, id);
			}
			return resumed;
		});
	}

	@Override
	public boolean unblock(Destination destination, String key, Operator operator) {
		BsonDocument id = id(destination).append(EventDocuments.KEY, new BsonString(key));
		return this.work.inTransaction((session) -> {
			boolean released = this.blocked.release(session, id);
			if (released) {
				this.audit.write(session, operator, AuditAction.UNBLOCK, id);
			}
			return released;
		});
	}

}
