"""The processes of a run: the same weights in each, batches of its own; once a step they add up their gradients. Knows nothing of the model."""
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as distributed


class Group:
    def __init__(self, rank, size, folder):
        self.rank, self.size = rank, size
        meeting = Path(folder) / f'meeting-{size}'
        distributed.init_process_group('gloo', init_method=f'file://{meeting}', rank=rank, world_size=size, timeout=timedelta(hours=12))

    def add(self, parameters, numbers):
        """Sums every gradient in place over all processes, and the list of numbers beside them, which is returned."""
        flat = torch.cat([parameter.grad.reshape(-1) for parameter in parameters] + [torch.tensor(numbers, dtype=torch.float32)])
        distributed.all_reduce(flat)
        *gradients, numbers = flat.split([parameter.numel() for parameter in parameters] + [len(numbers)])
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad.copy_(gradient.view_as(parameter))
        return numbers.tolist()

    def share(self, stack, work):
        """work(stack) for a stack of equal tensors, each process doing a part of it."""
        result = torch.zeros_like(stack)
        result[self.rank::self.size] = work(stack[self.rank::self.size])
        distributed.all_reduce(result)
        return result

    def align(self, parameters):
        """Gives every process the weights of the first."""
        for parameter in parameters:
            distributed.broadcast(parameter.detach(), 0)

    def leave(self):
        distributed.destroy_process_group()
