"""Muon (Jordan et al. 2024): momentum whose matrix is made orthogonal before the step. For weight matrices only."""
import torch


class Muon(torch.optim.Optimizer):
    """Every process of the group works on its share of the matrices."""

    def __init__(self, parameters, lr, group, momentum=0.95):
        super().__init__(parameters, {'lr': lr, 'momentum': momentum})
        self.group = group

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            by_shape = {}
            for parameter in group['params']:
                state = self.state[parameter]
                if 'momentum' not in state:
                    state['momentum'] = torch.zeros_like(parameter)
                state['momentum'].lerp_(parameter.grad, 1 - group['momentum'])
                update = parameter.grad.lerp(state['momentum'], group['momentum'])
                by_shape.setdefault(parameter.shape, []).append((parameter, update))
            for shape, pairs in by_shape.items():
                updates = self.group.share(torch.stack([update for _, update in pairs]), orthogonal)
                scale = max(1, shape[0] / shape[1]) ** 0.5
                for (parameter, _), update in zip(pairs, updates):
                    parameter.add_(update, alpha=-group['lr'] * scale)


def orthogonal(matrices, steps=5):
    """Newton-Schulz iteration on a stack of matrices [count, rows, columns]."""
    x = matrices.bfloat16()
    tall = x.shape[1] > x.shape[2]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        square = x @ x.mT
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return (x.mT if tall else x).float()
