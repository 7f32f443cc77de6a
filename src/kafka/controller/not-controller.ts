/** NOT_CONTROLLER, for every API that a controller serves. Source: ControllerApis.scala, QuorumController (DeferredEvent.complete). */
import { ErrorCode } from '../protocol/errors.ts';
import type { RequestBody, ResponseBody } from '../protocol/messages.ts';

/** NOT_CONTROLLER in the form of an answer, null for what no controller is asked. */
export function refusalOf(body: RequestBody): ResponseBody | null {
  const errorCode = ErrorCode.notController;
  switch (body.api) {
    case 62:
      return { api: 62, errorCode, brokerEpoch: -1 };
    case 63:
      return { api: 63, errorCode, isCaughtUp: false, isFenced: true, shouldShutDown: false };
    case 56:
      return { api: 56, errorCode, topics: [] };
    case 67:
      return { api: 67, errorCode, producerIdStart: -1, producerIdLen: 0 };
    case 19:
      return { api: 19, topics: body.topics.map(({ name }) => ({ name, topicId: -1, errorCode })) };
    case 37:
      return { api: 37, results: body.topics.map(({ name }) => ({ name, errorCode })) };
    case 44:
      return { api: 44, responses: body.topics.map(({ name }) => ({ name, errorCode })) };
    case 43:
      return {
        api: 43,
        replicaElectionResults: body.topicPartitions.map(({ topic, partitions }) => ({
          topic,
          partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode })),
        })),
      };
    case 45:
      return {
        api: 45,
        responses: body.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
        })),
      };
    default:
      return null;
  }
}

/** The same of an answer that was ready. */
export function notController(body: ResponseBody): ResponseBody {
  const errorCode = ErrorCode.notController;
  switch (body.api) {
    case 19:
      return { ...body, topics: body.topics.map((topic) => ({ ...topic, errorCode })) };
    case 37:
      return { ...body, results: body.results.map((result) => ({ ...result, errorCode })) };
    case 44:
      return { ...body, responses: body.responses.map((response) => ({ ...response, errorCode })) };
    case 43:
      return {
        ...body,
        replicaElectionResults: body.replicaElectionResults.map(({ topic, partitionResult }) => ({
          topic,
          partitionResult: partitionResult.map((result) => ({ ...result, errorCode })),
        })),
      };
    case 45:
      return {
        ...body,
        responses: body.responses.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map((partition) => ({ ...partition, errorCode })),
        })),
      };
    case 62:
    case 63:
    case 56:
    case 67:
      return { ...body, errorCode };
    default:
      throw new Error(`no controller answers API ${body.api}`);
  }
}
